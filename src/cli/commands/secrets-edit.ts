/** `bulkhead secrets edit FILE`: opens an encrypted file, lets it be changed, and encrypts it again to the operators of the manifest. */
import { existsSync, realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { encryptTo, openAgeFile, readIdentities, recipientsOf, type Identities } from '../../apply/age.ts';
import { main as putFiles } from '../../apply/put-files.ts';
import { MAX_SECRET_BYTES } from '../../apply/secret-file.ts';
import { mappingOf, withValue } from '../../apply/secret-mapping.ts';
import { BulkheadError, EXIT_CODES } from '../../core/error.ts';
import { escapeForTerminal, printJson } from '../../report/escape.ts';
import { action } from '../action.ts';
import { identityPath } from '../ask-secrets.ts';
import type { CliContext } from '../context.ts';
import { editPlainText } from '../plain-text.ts';
import { readFleet } from '../session.ts';

interface EditFlags {
  readonly file?: string;
  readonly json: boolean;
  readonly identity?: string;
  readonly set?: string;
}

const TEMPLATE = '# One value a line: the name that the manifest gives as key, and the value.\n# acme.anthropic: "…"\n';

export const secretsEdit = action(async (context, flags: EditFlags, file: string) => {
  const manifest = flags.file ?? 'bulkhead.yaml';
  const { recipients = [] } = readFleet(context, manifest);
  const identities = readIdentities(identityPath(context, flags.identity));
  if (!identities.ok) throw new BulkheadError('usage', identities.why, 'make one with: bulkhead secrets init, or name one with --identity FILE');
  await refuseToLockOut(identities.value, recipients, manifest);
  const path = realPath(resolve(context.cwd, file));
  const before = await plainTextOf(path, file, identities.value);
  const after = flags.set === undefined ? await edited(context, before ?? TEMPLATE, file) : await withNew(context, before ?? '', flags.set, file);
  if (after === (before ?? '') || (before === undefined && after === TEMPLATE))
    throw new BulkheadError('usage', `nothing was changed in the text, so ${file} was left as it is`, 'give another value');
  // Encrypted text is nobody's secret: a repository keeps it.
  const mode = before === undefined ? 0o644 : statSync(path).mode & 0o777;
  await putFiles({ files: [{ path, content: `${await encryptTo(recipients, after)}\n`, mode }] });
  const mapping = mappingOf(after);
  if (!mapping.ok) context.note(`! ${escapeForTerminal(file)}: ${mapping.why}; tenants can name no key in it\n`);
  if (flags.json) context.print(`${printJson({ ok: true, exitCode: 0, file: path, recipients: recipients.length })}\n`);
  else
    context.print(
      `Encrypted ${escapeForTerminal(file)} to ${recipients.length} public key${recipients.length === 1 ? '' : 's'}. Next: bulkhead secrets check\n`,
    );
  return EXIT_CODES.ok;
});

/** Whom an encrypted file can be read by is not in it: without a list nobody could tell who would be left out. */
async function refuseToLockOut(identities: Identities, recipients: readonly string[], manifest: string): Promise<void> {
  const own = await recipientsOf(identities);
  if (own.some((one) => recipients.includes(one))) return;
  const all = [...recipients, own[0] ?? ''].join(', ');
  const what =
    recipients.length === 0
      ? 'names no secrets.recipients'
      : `leaves the public key of ${identities.path} out of secrets.recipients: you could not read what you wrote`;
  throw new BulkheadError('manifest', `${manifest} ${what}`, `write in it: secrets: { recipients: [${all}] }`);
}

function realPath(path: string): string {
  return existsSync(path) ? realpathSync(path) : path;
}

/** Undefined where there is no such file yet. */
async function plainTextOf(path: string, shown: string, identities: Identities): Promise<string | undefined> {
  if (!existsSync(path)) return undefined;
  const opened = await openAgeFile(path, { ok: true, value: identities });
  if (opened.ok) return opened.value;
  throw new BulkheadError('usage', `${shown} cannot be opened: ${opened.why}`, 'name the file, or the identity with --identity FILE');
}

async function edited(context: CliContext, plain: string, file: string): Promise<string> {
  if (!context.interactive)
    throw new BulkheadError('usage', `no terminal to edit ${file} on`, `give one value on standard input: bulkhead secrets edit ${file} --set NAME`);
  return await editPlainText(context, plain);
}

async function withNew(context: CliContext, plain: string, name: string, file: string): Promise<string> {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(name))
    throw new BulkheadError('usage', 'the name of a value is 1 to 100 letters, digits, ".", "_" and "-"', 'for example: --set acme.anthropic');
  // Typed, it would be seen on the screen.
  if (context.interactive)
    throw new BulkheadError('usage', `the value of ${name} is read from standard input`, `bulkhead secrets edit ${file} --set ${name} < FILE`);
  const value = (await context.input(MAX_SECRET_BYTES)).trim();
  if (value === '') throw new BulkheadError('usage', `standard input is empty: there is no value for ${name}`, 'nothing was changed');
  const changed = withValue(plain, name, value);
  if (changed.ok) return changed.value;
  throw new BulkheadError('usage', `${file}: ${changed.why}; nothing was changed`, `edit it whole: bulkhead secrets edit ${file}`);
}
