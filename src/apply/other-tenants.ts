/** What of the other tenants must be as it was after one of them got a new secret: their processes and their secret files. */
import { randomBytes } from 'node:crypto';
import type { Blueprint } from '../core/blueprint.ts';
import type { Known, ProcessFact } from '../core/facts.ts';
import type { Host } from '../core/host.ts';
import type { TenantId } from '../core/words.ts';
import { runSelfContained } from '../hosts/run-program.ts';
import { sibling } from '../hosts/self-contained.ts';
import { secretFiles } from '../openclaw/secrets.ts';
import type { FileSeen } from './look-at-files.ts';

/** One look; `key` makes digests of two looks comparable and worthless elsewhere. */
export interface OtherSeen {
  readonly process: Known<ProcessFact | null>;
  /** By path: `missing`, or digest, mode and owner. */
  readonly secrets: Readonly<Record<string, FileSeen>>;
}

export interface Untouched {
  readonly tenant: TenantId;
  readonly pid?: number;
  /** Empty: process and secret files are as they were. */
  readonly changed: readonly string[];
}

export function newKey(): string {
  return randomBytes(32).toString('hex');
}

/** Their secrets lie in directories that tenants cannot change. */
export async function seenOf(
  { host, others, key }: { readonly host: Host; readonly others: readonly Blueprint[]; readonly key: string },
  processOf: (tenant: TenantId) => Known<ProcessFact | null>,
  signal: AbortSignal,
): Promise<ReadonlyMap<TenantId, OtherSeen>> {
  const [first] = others;
  if (first === undefined) return new Map();
  const paths = others.flatMap((blueprint) => secretFiles(blueprint).map(({ file }) => file));
  const run = {
    program: sibling(import.meta.url, 'look-at-files'),
    request: { key, paths },
    node: first.install.node,
    title: 'look at the secret files of the others',
  };
  const files = await runSelfContained<Record<string, FileSeen>>(host, { ...run, redact: true }, signal);
  return new Map(
    others.map((blueprint) => {
      const own = new Set(secretFiles(blueprint).map(({ file }) => file));
      const secrets = Object.fromEntries(Object.entries(files).filter(([path]) => own.has(path)));
      return [blueprint.tenant, { process: processOf(blueprint.tenant), secrets }];
    }),
  );
}

/** Pure. What could not be seen both times counts as changed. */
export function compareOthers(before: ReadonlyMap<TenantId, OtherSeen>, after: ReadonlyMap<TenantId, OtherSeen>): readonly Untouched[] {
  return [...before].map(([tenant, was]) => {
    const is = after.get(tenant);
    if (is === undefined) return { tenant, changed: ['it was not looked at again'] };
    const process = processChange(was.process, is.process);
    const files = Object.keys(was.secrets).filter((path) => JSON.stringify(was.secrets[path]) !== JSON.stringify(is.secrets[path]));
    const changed = [...(process === undefined ? [] : [process]), ...files.map((path) => `${path} is not as it was`)];
    const pid = is.process.known ? is.process.value?.pid : undefined;
    return { tenant, changed, ...(pid === undefined ? {} : { pid }) };
  });
}

function processChange(was: OtherSeen['process'], is: OtherSeen['process']): string | undefined {
  if (!was.known) return `its process could not be seen before: ${was.why}`;
  if (!is.known) return `its process could not be seen: ${is.why}`;
  const named = (process: ProcessFact | null): string => (process === null ? 'none' : `${process.pid} (started at tick ${process.startTicks})`);
  return named(was.value) === named(is.value) ? undefined : `its gateway was process ${named(was.value)} and is ${named(is.value)}`;
}
