/** Commands of an incident: new secrets, what else is to be ended, a tenant closed and opened again. Each with its flags and its help. */
import { buildCommand } from '@stricli/core';
import { commonAliases, commonFlags, identityFlag, tenantParameter } from '../flags.ts';

export const rotate = buildCommand({
  loader: async () => (await import('../commands/rotate.ts')).rotate,
  parameters: {
    flags: {
      ...commonFlags,
      identity: identityFlag,
      dryRun: { kind: 'boolean', default: false, brief: 'Say what would get a new value, change nothing' },
    },
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
  parameters: { flags: { ...commonFlags, identity: identityFlag }, aliases: commonAliases, positional: tenantParameter },
  docs: { brief: 'End a quarantine: build the tenant as the manifest says, with a new token', fullDescription: '  bulkhead release acme' },
});
