/** Commands that build gateways, keep them running and take them away. Each with its flags and its help; the body is loaded when it runs. */
import { buildCommand } from '@stricli/core';
import { commonAliases, commonFlags, identityFlag, jsonFlag, tenantParameter, tenantsParameter, text } from '../flags.ts';

export const apply = buildCommand({
  loader: async () => (await import('../commands/apply.ts')).apply,
  parameters: { flags: { ...commonFlags, identity: identityFlag }, aliases: commonAliases, positional: tenantsParameter },
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
  parameters: {
    flags: {
      stateDir: commonFlags.stateDir,
      channel: {
        kind: 'parsed',
        parse: String,
        variadic: true,
        optional: true,
        brief: 'Also the plugin of this channel; may be repeated. apply installs what the manifest needs',
        placeholder: 'CHANNEL',
      },
      json: jsonFlag,
    },
  },
  docs: {
    brief: 'Install the OpenClaw and Node that tenants run, read-only for them',
    fullDescription: '  bulkhead install\n  bulkhead install --channel slack --channel irc',
  },
});

export const demo = buildCommand({
  loader: async () => (await import('../commands/demo.ts')).demo,
  parameters: { flags: { json: jsonFlag, keep: { kind: 'boolean', default: false, brief: 'Leave the two tenants running' } } },
  docs: {
    brief: 'Build two real tenants, attack them, break a boundary, show the verdict flip, restore it, tear down',
    fullDescription: '  bulkhead demo\n  bulkhead demo --keep',
  },
});
