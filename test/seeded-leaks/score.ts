/** Plants one leak after the other, verifies, undoes, and says what was found, missed and invented. */
import type { ReportDocument } from '../../src/report/json.ts';
import type { Leak } from './leak.ts';
import type { World } from './world.ts';

export interface LeakResult {
  readonly leak: Leak;
  readonly found: boolean;
  /** Findings that neither the leak nor what goes with it explains. */
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

const FACTS_ONLY = ['--no-audit', '--no-probes'];

/** Aborted, it undoes the leak that is planted, and plants no other. */
export async function score(here: World, leaks: readonly Leak[], onResult: (result: LeakResult) => void, signal?: AbortSignal): Promise<Score> {
  const clean = [...failing(await here.verify(here.manifest, '--no-audit'))];
  const results: LeakResult[] = [];
  for (const leak of leaks) {
    signal?.throwIfAborted();
    const undo = await leak.plant?.(here);
    try {
      const manifest = leak.manifest?.(here.manifest) ?? here.manifest;
      if (leak.plant === undefined && manifest === here.manifest) throw new Error(`nothing is planted: ${leak.pain}`);
      const startedAt = performance.now();
      const report = await here.verify(manifest, ...(leak.by === 'attacks' ? ['--no-audit'] : FACTS_ONLY));
      const ms = Math.round(performance.now() - startedAt);
      const ids = failing(report);
      const explained = new Set([leak.id, ...(leak.also ?? [])]);
      const result = { leak, found: ids.has(leak.id), invented: [...ids].filter((id) => !explained.has(id)), exit: report.exitCode, ms };
      results.push(result);
      onResult(result);
    } finally {
      await undo?.();
    }
  }
  clean.push(...failing(await here.verify(here.manifest, '--no-audit')));
  return { results, clean };
}

/** An `unknown` is no finding here: what could not be looked at was not found. */
function failing(report: ReportDocument): ReadonlySet<string> {
  return new Set(report.findings.filter(({ verdict }) => verdict === 'fail').map(({ id }) => id));
}
