/** `bulkhead scan`: every OpenClaw gateway of this machine, whoever built it: what it shares and where it really stands. Changes nothing. */
import { randomBytes, randomInt } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { judge } from '../../checks/judge.ts';
import { composeParts } from '../../composition.ts';
import type { Layout } from '../../core/blueprint.ts';
import { BulkheadError, EXIT_CODES } from '../../core/error.ts';
import type { Host } from '../../core/host.ts';
import type { VerifyReport } from '../../core/report.ts';
import type { Trust } from '../../core/words.ts';
import { renderAdopted } from '../../manifest/adopt.ts';
import { MOST_PAIRS } from '../../probes/pairs.ts';
import { clip } from '../../report/escape.ts';
import { probeSentence } from '../../report/terminal.ts';
import { scanText } from '../../report/scan-text.ts';
import type { ComposeFile } from '../../scan/compose.ts';
import { scanHost, type Scan } from '../../scan/scan.ts';
import { foldReport } from '../../verify/fold.ts';
import { action } from '../action.ts';
import { attackCells, type CellsAttacked } from '../attack-cells.ts';
import type { CliContext } from '../context.ts';
import { reportAs } from '../print-report.ts';
import { formatOf, type ReportFlags } from '../report-flags.ts';
import { progressTo, type Progress } from '../progress.ts';
import { layoutToRead } from '../layouts.ts';

type ScanFlags = Pick<ReportFlags, 'json' | 'format' | 'failOn'> & {
  readonly trust: Trust;
  readonly host: string;
  readonly compose?: readonly string[];
  readonly kubeconfig?: string;
  readonly write?: string;
  readonly attack: boolean;
  readonly audit: boolean;
};

export const scan = action(async (context, flags: ScanFlags) => {
  const format = formatOf(flags);
  const startedAt = context.now();
  // Before anything is looked at: a scan takes seconds.
  const target = flags.write === undefined ? undefined : resolve(context.cwd, flags.write);
  if (target !== undefined && existsSync(target)) throw thereAlready(flags.write ?? '');
  const layout = layoutToRead(context);
  const host = composeParts().hostOf(flags.host);
  const progress = progressTo(context);
  const scanned = await scanHost({
    host,
    node: process.execPath,
    openclaw: layout.install.openclaw,
    key: randomBytes(32).toString('hex'),
    layout: { ...layout, install: { ...layout.install, node: process.execPath } },
    trust: flags.trust,
    takenAt: startedAt.toISOString(),
    day: dayOf(startedAt),
    compose: (flags.compose ?? []).map((file) => composeFile(context, file)),
    ...(flags.kubeconfig === undefined ? {} : { kubeconfig: resolve(context.cwd, flags.kubeconfig) }),
    signal: context.signal,
    onProgress: progress.line,
  });
  const attacked = flags.attack ? await attackFound({ context, host, layout, progress, scan: scanned, audit: flags.audit }) : undefined;
  const found = attacked === undefined ? scanned : { ...scanned, facts: attacked.facts, sources: [...scanned.sources, attacked.source] };
  const { fleet, facts } = found;
  const folded = foldReport({
    fleet,
    facts,
    findings: judge(facts),
    probes: attacked?.probes ?? [],
    ...(attacked === undefined ? {} : { pairs: attacked.pairs }),
    startedAt,
    finishedAt: context.now(),
    phase: 'scan',
    threshold: flags.failOn,
  });
  const exitCode = exitCodeOf(folded, found);
  const report = { ...folded, exitCode };
  const gateways = found.gateways.map(({ gateway: { id, main, others }, standing }) => ({
    tenant: id,
    seenAs: [main.sighting, ...others].map(({ kind, where }) => ({ kind, where })),
    ...standing,
  }));
  if (format === 'text') context.print(scanText({ report, gateways, sources: found.sources }, { color: context.color, width: context.width }));
  else context.print(reportAs(context, format, { report, fleet, failOn: flags.failOn, more: { scan: { gateways, sources: found.sources } } }));
  if (target !== undefined) writeManifest(context, { path: target, shown: flags.write ?? '', text: manifestOf(found, flags.trust) });
  return exitCode;
});

interface Attacking {
  readonly context: CliContext;
  readonly host: Host;
  readonly layout: Layout;
  readonly progress: Progress;
  readonly scan: Scan;
  readonly audit: boolean;
}

async function attackFound({ context, host, layout, progress, scan: found, audit }: Attacking): Promise<CellsAttacked> {
  const attack = {
    scan: found,
    audit,
    host,
    layout,
    mostPairs: MOST_PAIRS,
    seed: randomInt(2 ** 32),
    signal: context.signal,
    onProgress: progress.line,
  };
  return await attackCells({
    ...attack,
    onResult: (result) => {
      if (result.verdict === 'breached') progress.line(`BREACHED [${result.severity}]  ${clip(probeSentence(result), 200)}`);
    },
  });
}

/** What was out of sight may hold anything: nothing found there is no pass. */
function exitCodeOf({ exitCode }: VerifyReport, { sources }: Scan): number {
  return exitCode === EXIT_CODES.ok && sources.some(({ state }) => state === 'partly') ? EXIT_CODES.unverified : exitCode;
}

function manifestOf({ fleet, gateways, facts }: Scan, trust: Trust): string {
  const pods = new Map(gateways.flatMap(({ gateway: { id, main } }) => (main.sighting.kind === 'pod' ? [[id, main.sighting.where] as const] : [])));
  const whys = new Map(gateways.map(({ blueprint, standing }) => [blueprint.tenant, standing.why]));
  return renderAdopted({
    fleet:
      fleet.name
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, '-')
        .replace(/^-+|-+$/g, '') || 'found',
    trust,
    tenants: facts.tenants.filter(({ tenant }) => !pods.has(tenant)).map((one) => ({ facts: one, why: whys.get(one.tenant) ?? '' })),
    elsewhere: [...pods].map(([tenant, where]) => ({ tenant, where })),
  });
}

function writeManifest(context: CliContext, { path, shown, text }: { readonly path: string; readonly shown: string; readonly text: string }): void {
  try {
    writeFileSync(path, text, { flag: 'wx', mode: 0o644 });
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') throw thereAlready(shown);
    throw new BulkheadError('usage', `cannot write ${shown}`, 'name a writable place with --write FILE', { cause });
  }
  context.note(`Wrote ${shown}. Fill in owner and data of each boundary, then: bulkhead plan -f ${shown}\n`);
}

function thereAlready(shown: string): BulkheadError {
  return new BulkheadError('usage', `${shown} is there already`, 'name another with --write FILE');
}

const MOST_COMPOSE_BYTES = 1 << 20;

function composeFile(context: CliContext, shown: string): ComposeFile {
  const path = resolve(context.cwd, shown);
  try {
    if (statSync(path).size > MOST_COMPOSE_BYTES) throw new Error(`it has more than ${MOST_COMPOSE_BYTES} bytes`);
    return { path, text: readFileSync(path, 'utf8') };
  } catch (cause) {
    throw new BulkheadError('usage', `cannot read ${shown}`, 'name a readable compose file with --compose FILE', { cause });
  }
}

/** In local time, as OpenClaw names its logs. */
function dayOf(time: Date): string {
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
}
