/** Commands that build gateways, keep them running and take them away. Each with its flags and its help; the body is loaded when it runs. */
import { buildCommand, buildRouteMap } from '@stricli/core';
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

export const adopt = buildCommand({
  loader: async () => (await import('../commands/adopt.ts')).adopt,
  parameters: {
    flags: {
      ...commonFlags,
      identity: identityFlag,
      yes: { kind: 'boolean', default: false, brief: 'Do it; without it the steps are only shown' },
    },
    aliases: commonAliases,
    positional: {
      kind: 'tuple',
      parameters: [{ brief: 'Tenant of the manifest, and cell of openclaw fleet', parse: String, placeholder: 'tenant' }],
    },
  },
  docs: {
    brief: 'Copy the cell of openclaw fleet with that name into a tenant; shows the steps, and with --yes stops the cell and copies',
    fullDescription:
      'The cell stays as it is, stopped; apply starts the tenant. An interrupted run is repeated.\n\n  bulkhead scan --write bulkhead.yaml\n  bulkhead adopt acme\n  bulkhead adopt acme --yes\n  bulkhead apply acme',
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

const imageBuild = buildCommand({
  loader: async () => (await import('../commands/image.ts')).imageBuild,
  parameters: {
    flags: {
      stateDir: commonFlags.stateDir,
      engine: text('Load it into this one here: docker, podman or none (default: the one that is there, Docker first)', 'ENGINE'),
      sandbox: {
        kind: 'boolean',
        default: false,
        withNegated: false,
        brief: 'Build the image of OpenClaw’s sandboxes instead, for tenants with sandbox: all',
      },
      rootless: {
        kind: 'boolean',
        default: false,
        withNegated: false,
        brief: 'Unpack it for tenants with rootless: true, whose engines read it as a directory of root’s; loads it nowhere else',
      },
      json: jsonFlag,
    },
  },
  docs: {
    brief: 'Build the image of the rung container, or of sandboxes, offline but for Debian’s packages, and pin it',
    fullDescription:
      'A small Debian of the distribution’s own packages and the OpenClaw and Node that bulkhead install has put here. The same packages give the same id. Changes the engine’s store of images and the pin, nothing that runs. It is kept, too: apply brings it to every host over SSH that has a container, and starts there only what has this id.\n\nWith --sandbox: Debian with bash, curl, git, jq, Node, Python and ripgrep, in which tenants with sandbox: all run their tools. The engine of each loads it when it starts; to hosts over SSH apply brings it, too.\n\n  bulkhead image build\n  bulkhead image build --sandbox\n  bulkhead image build --engine none\n  bulkhead image build --rootless\n  bulkhead image build --engine podman --json',
  },
});

export const image = buildRouteMap({ routes: { build: imageBuild }, docs: { brief: 'Build the image that containers run' } });

export const demo = buildCommand({
  loader: async () => (await import('../commands/demo.ts')).demo,
  parameters: { flags: { json: jsonFlag, keep: { kind: 'boolean', default: false, brief: 'Leave the two tenants running' } } },
  docs: {
    brief: 'Build two real tenants, attack them, break a boundary, show the verdict flip, restore it, tear down',
    fullDescription: '  bulkhead demo\n  bulkhead demo --keep',
  },
});
