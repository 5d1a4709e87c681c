/** Asks what only some commands may ask: the operator's programs, and encrypted files. Each program once per run, without a shell. */
import { resolve } from 'node:path';
import type { Blueprint } from '../core/blueprint.ts';
import { BulkheadError } from '../core/error.ts';
import { secretReference, type SecretSource } from '../core/fleet.ts';
import { localHost } from '../hosts/local.ts';
import { secretFiles } from '../openclaw/secrets.ts';
import { openAgeFile, readIdentities } from './age.ts';
import { asSecret, MAX_SECRET_BYTES, type SecretRead } from './secret-file.ts';
import { pick } from './secret-mapping.ts';
import type { Asked } from './secret-values.ts';

export interface Asking {
  /** Folder of the manifest: encrypted files are named from there. */
  readonly folder: string;
  /** The operator's identity file of age. */
  readonly identity: string;
  /** The operator's variables; a program gets those that `isPassed` names. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly timeoutMs?: number;
  /** Before a program is run. */
  onProgram(reference: string): void;
}

const TIMEOUT_MS = 30_000;
/** Programs at once: ten tenants' keys should not take ten times as long, nor meet a vault's limit. */
const AT_ONCE = 4;

/** What programs that open a store of secrets look for: who the caller is, where the store is, how to reach its agent and the network. */
const PASSED =
  /^(?:HOME|PATH|USER|LOGNAME|XDG_(?:CONFIG|DATA|CACHE|RUNTIME)_(?:HOME|DIR)|DBUS_SESSION_BUS_ADDRESS|GNUPGHOME|SSH_AUTH_SOCK|SSL_CERT_(?:FILE|DIR)|NODE_EXTRA_CA_CERTS|(?:https?|no|all)_proxy|(?:HTTPS?|NO|ALL)_PROXY|(?:OP|VAULT|BAO|BWS|BW|PASSWORD_STORE|GOPASS|SOPS|AWS|AZURE|GOOGLE|CLOUDSDK|DOPPLER|INFISICAL)_.+)$/;

export function isPassed(name: string): boolean {
  return PASSED.test(name);
}

/** By reference. Rejects only when aborted: what could not be had is told as such. */
export async function askSources(blueprints: readonly Blueprint[], asking: Asking): Promise<Asked> {
  const sources = new Map<string, SecretSource>();
  for (const blueprint of blueprints) {
    for (const source of [...secretFiles(blueprint).map(({ source }) => source), ...blueprint.apiClients.map(({ key }) => key)])
      if (source !== undefined && source !== 'generated') sources.set(secretReference(source), source);
  }
  const answers = new Map<string, SecretRead>();
  for (const [reference, answer] of await openAll([...sources.values()], asking)) answers.set(reference, answer);
  const programs = [...sources].flatMap(([reference, source]) => (source.kind === 'exec' ? [{ reference, argv: source.argv }] : []));
  const worker = async (): Promise<void> => {
    for (let next = programs.shift(); next !== undefined; next = programs.shift()) {
      asking.onProgram(next.reference);
      answers.set(next.reference, await runProgram(next.argv, asking));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return answers;
}

async function openAll(sources: readonly SecretSource[], { folder, identity }: Asking): Promise<readonly (readonly [string, SecretRead])[]> {
  const wanted = sources.flatMap((source) => (source.kind === 'age' ? [source] : []));
  if (wanted.length === 0) return [];
  const identities = readIdentities(identity);
  const found: (readonly [string, SecretRead])[] = [];
  for (const [path, values] of Map.groupBy(wanted, ({ path }) => resolve(folder, path))) {
    const plain = await openAgeFile(path, identities);
    for (const source of values) found.push([secretReference(source), plain.ok ? pick(plain.value, source.key) : plain]);
  }
  return found;
}

/** What it writes to stderr is not repeated: nobody can tell whether a secret is in it. */
async function runProgram(argv: readonly [string, ...string[]], { env, signal, timeoutMs = TIMEOUT_MS }: Asking): Promise<SecretRead> {
  const host = localHost({ maxBytes: MAX_SECRET_BYTES });
  const passEnvironment = Object.keys(env).filter(isPassed);
  const byHand = 'what it said is not repeated, since it may hold the secret: run it by hand';
  try {
    const result = await host.run({ title: 'print a secret', argv, timeoutMs, passEnvironment, redact: true }, signal);
    if (result.timedOut) return { ok: false, why: `it was ended after ${timeoutMs / 1000} s without an answer; it gets no terminal to ask at` };
    if (result.exit !== 0) return { ok: false, why: `it ended with ${result.exit ?? result.signal ?? 'no status'}; ${byHand}` };
    if (result.truncated) return { ok: false, why: `it printed more than ${MAX_SECRET_BYTES} bytes` };
    const read = asSecret({ ok: true, value: result.stdout });
    return read.ok ? read : { ok: false, why: `it printed nothing; ${byHand}` };
  } catch (error) {
    if (error instanceof BulkheadError) return { ok: false, why: `the program ${argv[0]} is not on this machine or may not be executed` };
    throw error;
  }
}
