/** Attacks as a table: from whom (rows) toward whom (columns), and how many of them were held off. */
import type { ProbeResult } from '../core/probe.ts';
import type { VerifyReport } from '../core/report.ts';
import { escapeForTerminal } from './escape.ts';
import { count, table, type Palette } from './layout.ts';

/** Above this many tenants the pairs that held are counted, not listed. */
const LARGEST_TABLE = 8;

export interface PairTally {
  readonly attacker: string;
  readonly victim: string;
  readonly contained: number;
  readonly breached: number;
  readonly unknown: number;
  readonly notApplicable: number;
}

/** One tally per ordered pair that was tried, in the order of the results. */
export function tallyPairs(probes: readonly ProbeResult[]): readonly PairTally[] {
  const pairs = new Map<string, ProbeResult[]>();
  for (const probe of probes) {
    const key = `${probe.attacker} ${probe.victim}`;
    const pair = pairs.get(key) ?? [];
    pair.push(probe);
    pairs.set(key, pair);
  }
  return [...pairs.values()].flatMap((pair) => {
    const first = pair[0];
    if (first === undefined) return [];
    const of = (verdict: ProbeResult['verdict']): number => pair.filter((probe) => probe.verdict === verdict).length;
    return [
      {
        attacker: first.attacker,
        victim: first.victim,
        contained: of('contained'),
        breached: of('breached'),
        unknown: of('unknown'),
        notApplicable: of('not-applicable'),
      },
    ];
  });
}

export function probeLines(report: VerifyReport, paint: Palette): readonly string[] {
  const tallies = tallyPairs(report.probes);
  if (tallies.length === 0) return [`  ${paint.doubt(report.phase === 'plan' ? 'none: nothing runs yet' : 'none was run')}`];
  const tenants = report.facts.tenants.map(({ tenant }) => tenant);
  return tenants.length > LARGEST_TABLE ? longList(tallies, paint) : square(tenants, tallies, paint);
}

function square(tenants: readonly string[], tallies: readonly PairTally[], paint: Palette): readonly string[] {
  const found = new Map(tallies.map((tally) => [`${tally.attacker} ${tally.victim}`, tally]));
  const cell = (from: string, toward: string): string => {
    if (from === toward) return paint.faint('·');
    const tally = found.get(`${from} ${toward}`);
    return tally === undefined ? paint.doubt('not tried') : told(tally, paint);
  };
  const heading = ['from \\ toward', ...tenants.map(escapeForTerminal)];
  return table([heading, ...tenants.map((from) => [escapeForTerminal(from), ...tenants.map((toward) => cell(from, toward))])]);
}

function longList(tallies: readonly PairTally[], paint: Palette): readonly string[] {
  const quiet = tallies.filter(({ breached, unknown }) => breached + unknown === 0);
  const loud = tallies.filter(({ breached, unknown }) => breached + unknown > 0);
  const rows = loud.map((tally) => [`${escapeForTerminal(tally.attacker)} → ${escapeForTerminal(tally.victim)}`, told(tally, paint)]);
  return [...table(rows), `  ${count(quiet.length, 'ordered pair')} held every attack that was tried`];
}

function told(tally: PairTally, paint: Palette): string {
  const words: string[] = [];
  if (tally.breached > 0) words.push(paint.bad(`${tally.breached} BREACHED`));
  if (tally.unknown > 0) words.push(paint.doubt(`${tally.unknown} unknown`));
  if (tally.contained > 0) words.push(paint[words.length === 0 ? 'good' : 'faint'](`${tally.contained} held`));
  return words.length === 0 ? paint.doubt('nothing tried') : words.join(', ');
}
