/** Commands that build gateways, keep them running and take them away. Each with its flags and its help; the body is loaded when it runs. */
import { buildCommand } from '@stricli/core';
import { commonAliases, commonFlags, jsonFlag, tenantParameter, tenantsParameter, text } from '../flags.ts';

export const apply = buildCommand({
  loader: async () => (await import('../commands/apply.ts')).apply,
  parameters: { flags: commonFlags, aliases: commonAliases, positional: tenantsParameter },
  docs: {
    brief: 'Build what the manifest declares; a second run finds nothing to do',
    fullDescription:
      'Takes the lease, writes one receipt per step, goes on where an interrupted run stopped.\n\n  bulkhead apply\n  bulkhead apply acme',
  },
});

export const status = buildCommand({
  loader: async () => (await import('../commands/status.ts')).status,
  parameters: { flags: commonFlags, aliases: commonAliases, positional: tenantsParameter },
  docs: { brief: 'Show which gateways run, asked over their own WebSocket', fullDescription: '  bulkhead status\n  bulkhead status --json' },
});

export const start = buildCommand({
  loader: async () => (await import('../commands/service.ts')).start,
  parameters: { flags: commonFlags, aliases: commonAliases, positional: tenantsParameter },
  docs: { brief: 'Start gateways that apply has built', fullDescription: '  bulkhead start acme' },
});

export const stop = buildCommand({
  loader: async () => (await import('../commands/service.ts')).stop,
  parameters: { flags: commonFlags, aliases: commonAliases, positional: tenantsParameter },
  docs: { brief: 'Stop gateways; their state stays', fullDescription: '  bulkhead stop acme' },
});

export const restart = buildCommand({
  loader: async () => (await import('../commands/service.ts')).restart,
  parameters: { flags: commonFlags, aliases: commonAliases, positional: tenantsParameter },
  docs: { brief: 'Stop and start gateways', fullDescription: '  bulkhead restart acme' },
});

export const exec = buildCommand({
  loader: async () => (await import('../commands/exec.ts')).exec,
  parameters: {
    flags: commonFlags,
    aliases: commonAliases,
    positional: {
      kind: 'array',
      parameter: { brief: 'Tenant, then the program and its arguments', parse: String, placeholder: 'tenant program' },
      minimum: 2,
    },
  },
  docs: {
    brief: 'Run a program inside a boundary, exactly where the gateway runs',
    fullDescription: '  bulkhead exec -- acme openclaw security audit --json\n  bulkhead exec acme -- openclaw status',
  },
});

export const logs = buildCommand({
  loader: async () => (await import('../commands/logs.ts')).logs,
  parameters: {
    flags: {
      ...commonFlags,
      lines: { kind: 'parsed', parse: Number, default: '50', brief: 'How many lines from the end (at most 10000)', placeholder: 'N' },
    },
    aliases: { ...commonAliases, n: 'lines' },
    positional: tenantParameter,
  },
  docs: { brief: "Print the end of a gateway's log, escaped", fullDescription: '  bulkhead logs acme\n  bulkhead logs -n 200 acme' },
});

export const rotate = buildCommand({
  loader: async () => (await import('../commands/rotate.ts')).rotate,
  parameters: {
    flags: { ...commonFlags, dryRun: { kind: 'boolean', default: false, brief: 'Say what would get a new value, change nothing' } },
    aliases: commonAliases,
    positional: {
      kind: 'array',
      parameter: { brief: 'Tenant, then what: gateway-token, channel NAME, model NAME or all', parse: String, placeholder: 'tenant what' },
      minimum: 2,
    },
  },
  docs: {
    brief: 'Give a tenant a new token or key, prove that the old token is dead and that nobody else was touched',
    fullDescription:
      'A gateway token is made anew; the rest is read again from where the manifest says. The running gateway takes it without a restart where it can.\n\n  bulkhead rotate acme gateway-token\n  bulkhead rotate acme channel telegram\n  bulkhead rotate acme model anthropic\n  bulkhead rotate acme all --dry-run',
  },
});

export const revoke = buildCommand({
  loader: async () => (await import('../commands/revoke.ts')).revoke,
  parameters: {
    flags: { ...commonFlags, yes: { kind: 'boolean', default: false, brief: 'End what Bulkhead can end: token, devices, nodes, sessions' } },
    aliases: commonAliases,
    positional: tenantParameter,
  },
  docs: {
    brief: 'List the identities of one tenant and of nobody else, with where each is ended; with --yes end what can be ended here',
    fullDescription:
      'OpenClaw archives the transcripts of ended sessions in the tenant’s state.\n\n  bulkhead revoke acme\n  bulkhead revoke acme --yes',
  },
});

export const quarantine = buildCommand({
  loader: async () => (await import('../commands/quarantine.ts')).quarantine,
  parameters: { flags: commonFlags, aliases: commonAliases, positional: tenantParameter },
  docs: {
    brief: 'Close a tenant during an incident: evidence first, then no channels, tools, browser or egress, and a new token',
    fullDescription: 'Stays until it is released, whatever apply is run meanwhile. Works while its gateway is down.\n\n  bulkhead quarantine acme',
  },
});

export const release = buildCommand({
  loader: async () => (await import('../commands/quarantine.ts')).release,
  parameters: { flags: commonFlags, aliases: commonAliases, positional: tenantParameter },
  docs: { brief: 'End a quarantine: build the tenant as the manifest says, with a new token', fullDescription: '  bulkhead release acme' },
});

export const remove = buildCommand({
  loader: async () => (await import('../commands/remove.ts')).remove,
  parameters: {
    flags: { ...commonFlags, confirm: text('The name of the tenant once more', 'tenant') },
    aliases: commonAliases,
    positional: tenantParameter,
  },
  docs: { brief: 'Delete a tenant: its processes, user, network and files', fullDescription: '  bulkhead remove acme --confirm acme' },
});

export const install = buildCommand({
  loader: async () => (await import('../commands/install.ts')).install,
  parameters: { flags: { stateDir: commonFlags.stateDir, json: jsonFlag } },
  docs: { brief: 'Install the OpenClaw and Node that tenants run, read-only for them', fullDescription: '  bulkhead install' },
});

export const demo = buildCommand({
  loader: async () => (await import('../commands/demo.ts')).demo,
  parameters: { flags: { json: jsonFlag, keep: { kind: 'boolean', default: false, brief: 'Leave the two tenants running' } } },
  docs: {
    brief: 'Build two real tenants, attack them, break a boundary, show the verdict flip, restore it, tear down',
    fullDescription: '  bulkhead demo\n  bulkhead demo --keep',
  },
});
