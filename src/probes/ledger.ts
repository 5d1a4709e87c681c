/** Folds each probe of each pair as soon as all that its verdict hangs on is known, so that a breach is told at once. */
import type { ProbeResult } from '../core/probe.ts';
import type { TenantId } from '../core/words.ts';
import type { Probe } from './define.ts';
import { answersFor, type Pair, type Plan } from './plan.ts';

export interface Ledger {
  /** What the tenant did may now be counted: it has said where it ran. */
  ran(tenant: TenantId, vantage: Probe['vantage']): void;
  answered(key: string): void;
  /** Folds what is still open, and gives all results, pair by pair. */
  close(): readonly ProbeResult[];
}

export interface LedgerInput {
  readonly probes: readonly Probe[];
  readonly plan: Plan;
  fold(probe: Probe, pair: Pair): ProbeResult;
  /** Probes that only the end of the run can answer. */
  isLast(probe: Probe): boolean;
  onResult(result: ProbeResult): void;
  /** After each pair of which only the last probes are open. */
  onPair(done: number, of: number): void;
}

interface Entry {
  readonly probe: Probe;
  readonly pair: Pair;
  missing: number;
  result?: ProbeResult;
}

export function openLedger({ probes, plan, fold, isLast, onResult, onPair }: LedgerInput): Ledger {
  const entries: Entry[] = [];
  const waiting = new Map<string, Entry[]>();
  const open = new Map<Pair, number>();
  let done = 0;
  const conclude = (entry: Entry): void => {
    entry.result = fold(entry.probe, entry.pair);
    onResult(entry.result);
    if (isLast(entry.probe)) return;
    const left = (open.get(entry.pair) ?? 0) - 1;
    open.set(entry.pair, left);
    if (left !== 0) return;
    done += 1;
    onPair(done, plan.pairs.length);
  };
  const arrived = (key: string): void => {
    const concerned = waiting.get(key) ?? [];
    waiting.delete(key);
    for (const entry of concerned) {
      entry.missing -= 1;
      if (entry.missing === 0) conclude(entry);
    }
  };
  for (const pair of plan.pairs) {
    open.set(pair, probes.filter((probe) => !isLast(probe)).length);
    for (const probe of probes) {
      const answers = isLast(probe) ? [] : answersFor(probe, pair);
      const keys = answers.length === 0 ? [] : [...new Set([...answers, ...ranKeys(probe, pair)])];
      const entry: Entry = { probe, pair, missing: keys.length };
      entries.push(entry);
      for (const key of keys) {
        const others = waiting.get(key);
        if (others === undefined) waiting.set(key, [entry]);
        else others.push(entry);
      }
    }
  }
  // Nothing to wait for: the probe does not apply to the pair.
  for (const entry of entries) if (entry.missing === 0 && !isLast(entry.probe)) conclude(entry);
  return {
    ran: (tenant, vantage) => arrived(ranKey(tenant, vantage)),
    answered: arrived,
    close: () => {
      for (const entry of entries) if (entry.result === undefined) conclude(entry);
      return entries.flatMap(({ result }) => (result === undefined ? [] : [result]));
    },
  };
}

function ranKeys({ vantage }: Probe, { attacker, victim }: Pair): readonly string[] {
  return [ranKey(attacker.tenant, vantage), ranKey(victim.tenant, vantage)];
}

function ranKey(tenant: TenantId, vantage: Probe['vantage']): string {
  return `ran ${tenant} ${vantage}`;
}
