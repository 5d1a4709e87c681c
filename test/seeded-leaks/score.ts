/** Plants leaks, verifies, undoes them, and says what was found, missed and invented. */
import type { ReportDocument } from '../../src/report/json.ts';
import type { Severity } from '../../src/core/words.ts';
import type { Leak } from './leak.ts';
import type { World } from './world.ts';

export interface LeakResult {
  readonly leak: Leak;
  /** How grave what found it is; undefined where nothing did. */
  readonly found: Severity | undefined;
  /** Findings that neither the leak nor what goes with it explains, nor another of its round. */
  readonly invented: readonly string[];
  /** Exit code of `verify`. Without audits it is never 0: 3 says that only that is not known. */
  readonly exit: number;
  /** From the start of `verify` to its verdict. */
  readonly ms: number;
}

export interface Score {
  readonly results: readonly LeakResult[];
  /** Failing findings while nothing was planted, before the first leak and after the last. */
  readonly clean: readonly string[];
}

/** Leaks that are planted at once. */
export type Round = readonly Leak[];

const FACTS_ONLY = ['--no-audit', '--no-probes'];
const MOST_AT_ONCE = 6;

/**
 * Each verification takes seconds, so that leaks which facts show are planted together where each finding can be of one of them only: none of what may
 * find one may find another. Those that say `alone` and those that attacks find are planted by themselves.
 */
export function roundsOf(leaks: readonly Leak[]): readonly Round[] {
  const rounds: Leak[][] = [];
  for (const leak of leaks) {
    const round = isAlone(leak)
      ? undefined
      : rounds.find((one) => one.length < MOST_AT_ONCE && one.every((other) => !isAlone(other) && areApart(leak, other)));
    if (round === undefined) rounds.push([leak]);
    else round.push(leak);
  }
  return rounds;
}

/** Planted by itself: attacks find it, or it says so. */
export function isAlone({ by, alone }: Leak): boolean {
  return by === 'attacks' || alone === true;
}

function areApart(one: Leak, other: Leak): boolean {
  const words = new Set([one.id, ...(one.also ?? [])]);
  return ![other.id, ...(other.also ?? [])].some((word) => words.has(word));
}

/** Aborted, it undoes what is planted, and plants nothing more. */
export async function score(here: World, rounds: readonly Round[], onResult: (result: LeakResult) => void, signal?: AbortSignal): Promise<Score> {
  const clean = [...failing(await here.verify(here.manifest, '--no-audit')).keys()];
  const results: LeakResult[] = [];
  for (const round of rounds) {
    signal?.throwIfAborted();
    for (const result of await play(here, round)) {
      results.push(result);
      onResult(result);
    }
  }
  clean.push(...failing(await here.verify(here.manifest, '--no-audit')).keys());
  return { results, clean };
}

async function play(here: World, round: Round): Promise<readonly LeakResult[]> {
  const undos: (() => Promise<unknown>)[] = [];
  try {
    const manifest = round.reduce((text, leak) => leak.manifest?.(text) ?? text, here.manifest);
    for (const leak of round) {
      if (leak.plant === undefined && (leak.manifest?.(here.manifest) ?? here.manifest) === here.manifest)
        throw new Error(`nothing is planted: ${leak.pain}`);
      const undo = await leak.plant?.(here);
      if (undo !== undefined) undos.push(undo);
    }
    const startedAt = performance.now();
    const report = await here.verify(manifest, ...(round.some(({ by }) => by === 'attacks') ? ['--no-audit'] : FACTS_ONLY));
    const ms = Math.round(performance.now() - startedAt);
    const found = failing(report);
    const explained = new Set(round.flatMap(({ id, also }) => [id, ...(also ?? [])]));
    const invented = [...found.keys()].filter((id) => !explained.has(id));
    return round.map((leak, at) => ({ leak, found: found.get(leak.id), invented: at === 0 ? invented : [], exit: report.exitCode, ms }));
  } finally {
    for (const undo of undos.toReversed()) await undo();
  }
}

/** By what found it. An `unknown` is no finding here: what could not be looked at was not found. */
function failing(report: ReportDocument): ReadonlyMap<string, Severity> {
  return new Map(report.findings.flatMap(({ id, verdict, severity }) => (verdict === 'fail' ? [[id, severity] as const] : [])));
}
