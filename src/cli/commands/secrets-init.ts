/** `bulkhead secrets init`: the operator's identity of age, made once; prints its public key. */
import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { newIdentity, readIdentities, recipientsOf } from '../../apply/age.ts';
import { main as putFiles } from '../../apply/put-files.ts';
import { BulkheadError, EXIT_CODES } from '../../core/error.ts';
import { escapeForTerminal, printJson } from '../../report/escape.ts';
import { action } from '../action.ts';
import { identityPath } from '../ask-secrets.ts';

export const secretsInit = action(async (context, flags: { readonly json: boolean; readonly identity?: string }) => {
  const path = identityPath(context, flags.identity);
  const made = !existsSync(path);
  if (made) {
    const { key, recipient } = await newIdentity();
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const content = `# created: ${context.now().toISOString()}\n# public key: ${recipient}\n${key}\n`;
    await putFiles({ files: [{ path, content, mode: 0o600 }] });
  }
  const identities = readIdentities(path);
  if (!identities.ok) throw new BulkheadError('usage', identities.why, 'mend it, or name another with --identity FILE');
  const recipients = await recipientsOf(identities.value);
  if (flags.json) context.print(`${printJson({ ok: true, exitCode: 0, identity: path, made, recipients })}\n`);
  else {
    context.print(`${recipients.join('\n')}\n`);
    const what = made ? 'Made' : 'This is the public key of';
    context.note(`${what} ${escapeForTerminal(path)}. Keep a copy where you keep keys: without it what is encrypted to it is lost.\n`);
    context.note(`In the manifest:  secrets: { recipients: [${recipients.join(', ')}] }\n`);
  }
  return EXIT_CODES.ok;
});
