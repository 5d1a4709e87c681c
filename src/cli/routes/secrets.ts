/** Commands about the operator's secrets. Each with its flags and its help; the body is loaded when it runs. */
import { buildCommand, buildRouteMap } from '@stricli/core';
import { commonAliases, commonFlags, fileFlag, identityFlag, jsonFlag, tenantsParameter, text } from '../flags.ts';

const check = buildCommand({
  loader: async () => (await import('../commands/secrets-check.ts')).secretsCheck,
  parameters: { flags: { ...commonFlags, identity: identityFlag }, aliases: commonAliases, positional: tenantsParameter },
  docs: {
    brief: 'Ask every source of secrets, and say which answer and which two tenants would share one',
    fullDescription:
      'Runs the programs and opens the encrypted files that the manifest names, as apply does. Prints no value and keeps none.\nExit 0 all there, 1 a secret is shared, 3 one is missing.\n\n  bulkhead secrets check\n  bulkhead secrets check acme --json\n  bulkhead secrets check --identity /root/age-identity',
  },
});

const edit = buildCommand({
  loader: async () => (await import('../commands/secrets-edit.ts')).secretsEdit,
  parameters: {
    flags: {
      file: fileFlag,
      json: jsonFlag,
      identity: identityFlag,
      set: text('Set the value of this name to what standard input holds, instead of opening an editor', 'NAME'),
    },
    aliases: commonAliases,
    positional: { kind: 'tuple', parameters: [{ brief: 'Encrypted file; a new one is made', parse: String, placeholder: 'FILE' }] },
  },
  docs: {
    brief: 'Edit a file encrypted with age, in $VISUAL or $EDITOR or by --set',
    fullDescription:
      'Encrypts to secrets.recipients of the manifest. The plain text lies in a folder of its own in memory while the editor runs, and goes with it.\n\n  bulkhead secrets edit secrets.age\n  bulkhead secrets edit secrets.age --set acme.anthropic < new-key',
  },
});

const init = buildCommand({
  loader: async () => (await import('../commands/secrets-init.ts')).secretsInit,
  parameters: { flags: { json: jsonFlag, identity: identityFlag } },
  docs: {
    brief: 'Make the operator’s identity of age where there is none, and print its public key',
    fullDescription: '  bulkhead secrets init\n  bulkhead secrets init --identity /root/age-identity --json',
  },
});

export const secrets = buildRouteMap({
  routes: { check, edit, init },
  docs: { brief: 'Check where secrets come from; edit encrypted ones' },
});
