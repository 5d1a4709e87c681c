/** Which attempts a run makes, and what they mean together. Pure. */
import type { AttemptOutcome, ProbeResult } from '../core/probe.ts';
import { trustBetween, type TrustMap } from '../core/trust.ts';
import type { TenantId } from '../core/words.ts';
import { skipReason, type Probe, type Side, type Step } from './define.ts';
import { TOGETHER, apart, judgeAttempt } from './judge.ts';
import type { Attempted } from './actions.ts';
import type { OrderedPair } from './pairs.ts';
import { FOR_ALL } from './turn.ts';

export interface Planned {
  readonly key: string;
  readonly performer: TenantId;
  readonly probe: Probe;
  readonly step: Step;
}

export interface Pair {
  readonly attacker: Side;
  /** In the attacker's words. */
  readonly victim: Side;
  /** The victim in its own words, where they are others. */
  readonly self?: Side;
}

export interface Plan {
  readonly attempts: readonly Planned[];
  readonly pairs: readonly Pair[];
}

/** A victim in the words of its attacker, where both call one place by two names. */
export type SeenFrom = (attacker: Side, victim: Side) => Side;

/** The chosen pairs; controls once per tenant, not once per pair. */
export function planAttempts(
  probes: readonly Probe[],
  sides: readonly Side[],
  chosen: readonly OrderedPair[],
  seenFrom: SeenFrom = (_attacker, victim) => victim,
): Plan {
  const attempts: Planned[] = [];
  const sideOf = new Map(sides.map((side) => [side.tenant, side]));
  const pairs = chosen.flatMap((pair): Pair[] => {
    const [attacker, victim] = [sideOf.get(pair.attacker), sideOf.get(pair.victim)];
    if (attacker === undefined || victim === undefined) return [];
    const seen = seenFrom(attacker, victim);
    return [seen === victim ? { attacker, victim } : { attacker, victim: seen, self: victim }];
  });
  for (const probe of probes) {
    const add = (role: string, performer: Side, steps: readonly Step[]): void => {
      for (const [index, step] of steps.entries()) attempts.push({ key: keyOf(probe, role, index), performer: performer.tenant, probe, step });
    };
    for (const side of sides) {
      if (skipReason(probe, side, side) !== undefined) continue;
      add(`positive ${side.tenant}`, side, probe.positive(side));
      add(`negative ${side.tenant}`, side, probe.negative(side));
    }
    for (const { attacker, victim } of pairs) {
      if (skipReason(probe, attacker, victim) !== undefined) continue;
      add(`attack ${attacker.tenant} ${victim.tenant}`, performerOf(probe, attacker, victim), probe.attempts(attacker, victim));
    }
  }
  return { attempts, pairs };
}

function keyOf(probe: Probe, role: string, index: number): string {
  return `${probe.id} ${role} ${index}`;
}

function performerOf(probe: Probe, attacker: Side, victim: Side): Side {
  return probe.by === 'victim' ? victim : attacker;
}

/** Keys of all answers that a probe's verdict on a pair hangs on: its attack and both its controls. */
export function answersFor(probe: Probe, pair: Pair): readonly string[] {
  const { attacker, victim } = pair;
  if (skipReason(probe, attacker, victim) !== undefined) return [];
  const [able, performer] = [ableOf(probe, pair), performerOf(probe, attacker, victim)];
  const keys = (role: string, steps: readonly Step[]): string[] => steps.map((_, index) => keyOf(probe, role, index));
  return [
    ...keys(`attack ${attacker.tenant} ${victim.tenant}`, probe.attempts(attacker, victim)),
    ...keys(`positive ${able.tenant}`, probe.positive(able)),
    ...keys(`negative ${performer.tenant}`, probe.negative(performer)),
  ];
}

/** Whose positive control counts. */
function ableOf(probe: Probe, { attacker, victim, self = victim }: Pair): Side {
  return probe.positiveBy === 'attacker' ? attacker : self;
}

export interface Seen {
  readonly answers: ReadonlyMap<string, Attempted>;
  /** Why nothing that this tenant did can count (its gateway does not run, the probe ran elsewhere), by vantage. */
  disqualified(tenant: TenantId, vantage: Probe['vantage']): string | undefined;
  readonly trust: TrustMap;
}

type Base = Pick<ProbeResult, 'id' | 'attacker' | 'victim' | 'severity' | 'durationMs'>;

export function baseOf(probe: Probe, { attacker, victim }: Pair, trust: TrustMap, durationMs: number): Base {
  const severity = probe.severity[trustBetween(trust, attacker.tenant, victim.tenant)];
  return { id: probe.id, attacker: attacker.tenant, victim: victim.tenant, severity, durationMs };
}

const NOT_RUN = { held: false, detail: 'not run' } as const;

/** One probe on one ordered pair. A canary that was obtained is a breach whatever the controls say; otherwise they must hold. */
export function foldPair(probe: Probe, pair: Pair, seen: Seen, durationMs: number): ProbeResult {
  const { attacker, victim } = pair;
  const base = baseOf(probe, pair, seen.trust, durationMs);
  const skipped = skipReason(probe, attacker, victim);
  if (skipped !== undefined) return { ...base, verdict: 'not-applicable', detail: skipped, positiveControl: NOT_RUN, negativeControl: NOT_RUN };
  for (const { tenant } of [attacker, victim]) {
    const why = seen.disqualified(tenant, probe.vantage);
    if (why !== undefined) return { ...base, verdict: 'unknown', detail: `${tenant}: ${why}`, positiveControl: NOT_RUN, negativeControl: NOT_RUN };
  }
  const outcomesOf = (role: string, steps: readonly Step[], together: boolean): AttemptOutcome[] =>
    steps.map((step, index) => judgeAttempt(probe, step, seen.answers.get(keyOf(probe, role, index)), together ? TOGETHER : apartFor(probe, pair)));
  const able = ableOf(probe, pair);
  const performer = performerOf(probe, attacker, victim);
  const positiveControl = control(outcomesOf(`positive ${able.tenant}`, probe.positive(able), true), `${able.tenant} can do it to itself`);
  const negativeControl = control(outcomesOf(`negative ${performer.tenant}`, probe.negative(performer), true), 'the decoy was caught');
  const outcomes = outcomesOf(`attack ${attacker.tenant} ${victim.tenant}`, probe.attempts(attacker, victim), false);
  return { ...base, ...conclude(outcomes, positiveControl, negativeControl), positiveControl, negativeControl };
}

/** From the OS user alone, outside its namespaces, everybody sees the same file systems. */
function apartFor(probe: Probe, { attacker, victim }: Pair): ReturnType<typeof apart> {
  // Two kernels number their namespaces alike.
  if (attacker.on !== victim.on) return { net: true, mnt: true, pid: true, ipc: true };
  return probe.vantage === 'user' ? TOGETHER : apart(attacker.namespaces, victim.namespaces);
}

type Control = ProbeResult['positiveControl'];

function conclude(outcomes: readonly AttemptOutcome[], positive: Control, negative: Control): Pick<ProbeResult, 'verdict' | 'detail'> {
  const breaches = outcomes.flatMap((outcome) => (outcome.outcome === 'breached' ? [outcome.detail] : []));
  const controlled = positive.held && negative.held;
  if (breaches.length > 0 && (controlled || breaches.some((detail) => detail.includes('obtained the canary'))))
    return { verdict: 'breached', detail: breaches.join('; ') };
  if (!positive.held) return { verdict: 'unknown', detail: `nothing can be concluded: ${positive.detail}` };
  if (!negative.held) return { verdict: 'unknown', detail: `nothing can be concluded: ${negative.detail}` };
  const odd = outcomes.flatMap((outcome) => (outcome.outcome === 'inconclusive' ? [outcome.detail] : []));
  if (odd.length > 0) return { verdict: 'unknown', detail: odd.join('; ') };
  if (outcomes.length === 0) return { verdict: 'unknown', detail: 'nothing was attempted' };
  return { verdict: 'contained', detail: outcomes.flatMap((outcome) => (outcome.outcome === 'contained' ? [outcome.refusal] : [])).join('; ') };
}

/** A control holds when every step gets through; for a turn also when the tool is refused to everybody, as where it does not exist. */
function control(outcomes: readonly AttemptOutcome[], good: string): Control {
  const failed = outcomes.find(
    (outcome) => outcome.outcome !== 'breached' && !(outcome.outcome === 'contained' && FOR_ALL.some((refusal) => outcome.refusal.endsWith(refusal))),
  );
  if (outcomes.length === 0) return { held: false, detail: 'no control was run' };
  if (failed === undefined) return { held: true, detail: good };
  const why = failed.outcome === 'inconclusive' || failed.outcome === 'breached' ? failed.detail : failed.refusal;
  return { held: false, detail: `not shown that ${good}: ${why}` };
}
