/** Commands on machines, before tenants are on them. Each with its flags and its help; the body is loaded when it runs. */
import { buildCommand, buildRouteMap } from '@stricli/core';
import { commonAliases, commonFlags, fileFlag, jsonFlag } from '../flags.ts';

const check = buildCommand({
  loader: async () => (await import('../commands/hosts.ts')).hostsCheck,
  parameters: {
    flags: { file: fileFlag, json: jsonFlag },
    aliases: commonAliases,
    positional: { kind: 'array', parameter: { brief: 'Hosts (default: all of the manifest)', parse: String, placeholder: 'host' } },
  },
  docs: {
    brief: 'Look whether hosts can be reached and have what tenants need; changes nothing',
    fullDescription: 'Exit 3: one cannot be reached. Exit 1: one lacks something.\n\n  bulkhead hosts check\n  bulkhead hosts check edge-1 --json',
  },
});

const prepare = buildCommand({
  loader: async () => (await import('../commands/hosts.ts')).hostsPrepare,
  parameters: {
    flags: { ...commonFlags, yes: { kind: 'boolean', default: false, brief: 'Do it; without it the steps are only shown' } },
    aliases: commonAliases,
    positional: { kind: 'tuple', parameters: [{ brief: 'Host of the manifest', parse: String, placeholder: 'host' }] },
  },
  docs: {
    brief: 'Bring to a fresh Debian or Ubuntu machine what tenants need; shows the steps, and with --yes runs them',
    fullDescription:
      'A second run has nothing to do; an interrupted one goes on.\n\n  bulkhead hosts prepare edge-1\n  bulkhead hosts prepare edge-1 --yes',
  },
});

export const hosts = buildRouteMap({ routes: { check, prepare }, docs: { brief: 'Look at the hosts of the manifest, and make them ready' } });
