/** `bulkhead init`: a first manifest from the answers to the trust questions. */
import { printJson } from '../../report/escape.ts';
import { existsSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { BulkheadError, EXIT_CODES } from '../../core/error.ts';
import { renderFirstManifest, type FirstTenant } from '../../manifest/first.ts';
import { isTenantId } from '../../manifest/manifest.ts';
import { formatProblem, parseManifest } from '../../manifest/parse.ts';
import { action } from '../action.ts';
import { answersFrom } from '../answers.ts';
import type { CliContext } from '../context.ts';
import type { CommonFlags } from '../flags.ts';

interface InitFlags extends CommonFlags {
  readonly fleet?: string;
  readonly tenant?: readonly string[];
  readonly answer?: readonly string[];
  readonly force: boolean;
}

export const init = action(async (context, flags: InitFlags) => {
  const file = flags.file ?? 'bulkhead.yaml';
  // Before a dozen questions, not after them.
  if (!flags.force && existsSync(resolve(context.cwd, file))) throw thereAlready(file);
  const answers = await answersFrom(context, flags.answer ?? []);
  const fleet = flags.fleet ?? (await askFor(context, 'Name of the fleet (your company or product)', '--fleet NAME'));
  const tenants = flags.tenant === undefined ? await askTenants(context) : flags.tenant.map(parseTenant);
  const manifest = renderFirstManifest({ fleet, answers, tenants });
  const parsed = parseManifest(manifest, file, '');
  if (!parsed.ok)
    throw new BulkheadError(
      'usage',
      parsed.problems.map(formatProblem).join('\n'),
      'give a fleet name, and per tenant an id of a-z, 0-9 and -, an owner and what data it holds',
    );
  write(resolve(context.cwd, file), file, manifest, flags.force);
  if (flags.json) context.print(`${printJson({ ok: true, exitCode: 0, file, tenants: tenants.map(({ id }) => id), trust: parsed.fleet.trust })}\n`);
  else context.print(`Wrote ${file}. Read it, name who administers the host, then: bulkhead plan\n`);
  return EXIT_CODES.ok;
});

function write(path: string, shown: string, text: string, force: boolean): void {
  try {
    writeFileSync(path, text, { flag: force ? 'w' : 'wx', mode: 0o644 });
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') throw thereAlready(shown);
    throw new BulkheadError('usage', `cannot write ${shown}`, 'name a writable place with -f FILE', { cause });
  }
}

function thereAlready(shown: string): BulkheadError {
  return new BulkheadError('usage', `${shown} is there already`, 'name another with -f FILE, or overwrite it with --force');
}

async function askFor(context: CliContext, question: string, flag: string): Promise<string> {
  if (!context.interactive) throw new BulkheadError('usage', `nobody is there to ask: ${question}`, `say it with ${flag}`);
  return (await context.ask(`${question}\n  > `)).trim();
}

async function askTenants(context: CliContext): Promise<readonly FirstTenant[]> {
  const tenants: FirstTenant[] = [];
  for (;;) {
    const id = await askFor(
      context,
      tenants.length === 0 ? 'First tenant (a-z, 0-9, -)' : 'Next tenant (empty: that is all)',
      '--tenant "id=owner=data"',
    );
    if (id === '' && tenants.length > 0) return tenants;
    if (id === '') continue;
    if (!isTenantId(id)) {
      context.note('  a tenant is named with a-z, 0-9 and -, at most 40 characters, beginning and ending with a letter or digit\n');
      continue;
    }
    const owner = await askFor(context, `Who answers for ${id}? (an e-mail address)`, '--tenant');
    const data = await askFor(context, `What data does ${id} hold?`, '--tenant');
    tenants.push({ id, owner, data, members: [owner] });
  }
}

/** `id=owner=data`; data may hold further `=`. */
function parseTenant(text: string): FirstTenant {
  const [id, owner, ...data] = text.split('=');
  if (id === undefined || owner === undefined || data.length === 0) {
    throw new BulkheadError('usage', `${JSON.stringify(text)} is not id=owner=data`, 'for example: --tenant "acme=ops@acme.example=support tickets"');
  }
  return { id, owner, data: data.join('='), members: [owner] };
}
