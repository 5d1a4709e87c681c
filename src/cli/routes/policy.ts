/** Commands about tool policies. Each with its flags and its help; the body is loaded when it runs. */
import { buildCommand, buildRouteMap } from '@stricli/core';
import { commonAliases, commonFlags, identityFlag, jsonFlag, tenantParameter, tenantsParameter } from '../flags.ts';

const list = buildCommand({
  loader: async () => (await import('../commands/policy.ts')).list,
  parameters: { flags: { json: jsonFlag } },
  docs: {
    brief: 'Name every preset, what it is for and the tools that it gives',
    fullDescription: '  bulkhead policy list\n  bulkhead policy list --json',
  },
});

const show = buildCommand({
  loader: async () => (await import('../commands/policy.ts')).show,
  parameters: { flags: commonFlags, aliases: commonAliases, positional: tenantParameter },
  docs: {
    brief: 'Print what a tenant declares, what is rendered of it, and what its agent may do',
    fullDescription: '  bulkhead policy show acme\n  bulkhead policy show acme --json',
  },
});

const diff = buildCommand({
  loader: async () => (await import('../commands/policy.ts')).diff,
  parameters: { flags: commonFlags, aliases: commonAliases, positional: tenantsParameter },
  docs: {
    brief: 'Compare the config in a tenant’s tree with what was declared, in the keys of the boundary',
    fullDescription:
      'Reads the config as the tenant; secrets are compared and never told. Exit 1 when they differ, 3 when a config could not be read.\n\n  bulkhead policy diff acme\n  bulkhead policy diff --json',
  },
});

const reconcile = buildCommand({
  loader: async () => (await import('../commands/policy.ts')).reconcile,
  parameters: {
    flags: { ...commonFlags, identity: identityFlag, yes: { kind: 'boolean', default: false, brief: 'Put it back; without it nothing is changed' } },
    aliases: commonAliases,
    positional: tenantParameter,
  },
  docs: {
    brief: 'Put a tenant’s live config back to what was declared; says first what differs',
    fullDescription:
      'Renders the config whole, as apply does, and restarts the gateway: keys that the tenant set for itself go too, and are named. Exit 1 while they differ.\n\n  bulkhead policy reconcile acme\n  bulkhead policy reconcile acme --yes',
  },
});

export const policy = buildRouteMap({
  routes: { list, show, diff, reconcile },
  docs: {
    brief: 'Tool policies: which there are, what a tenant’s gives, and whether its live config still says so',
    fullDescription: '  bulkhead policy list\n  bulkhead policy show acme\n  bulkhead policy diff acme',
  },
});
