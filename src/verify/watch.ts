/** Verifies a fleet over and over: facts and checks every time, attacks when something they depend on has changed and when they grow old. */
import type { AttackRecord, VerifyReport } from '../core/report.ts';
import type { FindingChange, WatchEvent, WatchSample } from '../core/watch.ts';
import { SEVERITIES, type Severity, type TenantId } from '../core/words.ts';
import { EXIT_CODES } from '../core/error.ts';
import { probeFindings } from './fold.ts';
import { reuse, type Earlier } from './reuse.ts';
import { changesBetween, standingOf, type FleetStanding } from './standing.ts';
import { conclude, judgeAll, look, withAudits, type Looked, type Verification } from './verify.ts';

/** A fleet as its manifest says at this moment. */
export interface WatchedFleet {
  readonly name: string;
  readonly threshold: Severity;
  /** Most ordered pairs that are attacked. */
  readonly pairs: number;
  prepare(): Promise<Verification>;
  earlier(): Earlier | undefined;
  keep(report: VerifyReport): void;
  /** Who is changing the fleet right now, for people. */
  changedBy(): string | undefined;
  /** Another one once somebody has changed the fleet. */
  generation(): string;
  close(): void;
}

export interface Watch {
  readonly everyMs: number;
  readonly attackEveryMs: number;
  /** Throws when the manifest or a host cannot be used: told as unknown, and tried again. */
  open(): Promise<WatchedFleet>;
  tell(event: WatchEvent): void;
  measure(sample: WatchSample): void;
  /** Resolves early when the watch is asked to end. */
  sleep(milliseconds: number): Promise<void>;
  now(): Date;
  readonly signal: AbortSignal;
}

/** Attacks of which one got through or gave no answer are tried again after this. */
const RETRY_MS = 30 * 60_000;
const HEARTBEAT_MS = 60 * 60_000;
/** How often it is looked whether somebody still changes the fleet. */
const WAIT_MS = 2000;

interface Memory {
  fleet: string;
  standing: FleetStanding | undefined;
  /** Why the last run failed, or who was waited for. */
  problem: string | undefined;
  toldAt: number;
}

/** Ends only when its signal is aborted. Resolves to the exit code of the last verdict; 3 when there was none. */
export async function watch(given: Watch): Promise<number> {
  const memory: Memory = { fleet: '', standing: undefined, problem: undefined, toldAt: given.now().getTime() };
  while (!given.signal.aborted) {
    const began = given.now().getTime();
    let waits = false;
    try {
      waits = await run(given, memory);
    } catch (error) {
      if (!given.signal.aborted) failed(given, memory, error);
    }
    if (given.signal.aborted) break;
    const now = given.now().getTime();
    if (now - memory.toldAt >= HEARTBEAT_MS) tell(given, memory, 'heartbeat', []);
    await given.sleep(waits ? WAIT_MS : Math.max(given.everyMs - (now - began), given.everyMs / 6));
  }
  return memory.standing?.exitCode ?? EXIT_CODES.unverified;
}

/** One run. Resolves to true when somebody was changing the fleet: what was seen meanwhile is no verdict. */
async function run(given: Watch, memory: Memory): Promise<boolean> {
  const began = given.now();
  const fleet = await given.open();
  memory.fleet = fleet.name;
  try {
    const generation = fleet.generation();
    const disturbed = (): boolean => {
      const by = fleet.changedBy();
      if (by !== undefined) problem(given, memory, `waiting: ${by}`);
      return by !== undefined || fleet.generation() !== generation;
    };
    if (disturbed()) return true;
    const verification = await fleet.prepare();
    const looked = await look(verification);
    if (disturbed()) return true;
    const earlier = fleet.earlier();
    const limits = {
      now: given.now(),
      maxAgeMs: given.attackEveryMs,
      unsettledMaxAgeMs: Math.min(RETRY_MS, given.attackEveryMs),
      pairs: fleet.pairs,
    };
    const { taken } = reuse(earlier, looked.factsSha256, limits);
    // Attacks take a while: what the facts alone show is told before.
    if (taken === undefined && earlier?.sound === true) {
      settle(given, memory, ofFacts(verification, looked, earlier.report, fleet.threshold));
      given.measure(sampleOf(given, memory, began, earlier.report.attacks));
    }
    const report = await conclude(verification, looked, taken);
    if (disturbed()) return true;
    const { attacks, facts } = report;
    const changed = settle(given, memory, standingOf(report.findings, namesOf(facts.tenants), fleet.threshold), attacks);
    if (taken === undefined || changed) fleet.keep(report);
    given.measure(sampleOf(given, memory, began, attacks));
    return false;
  } finally {
    fleet.close();
  }
}

/** Fresh facts beside the attacks and audits of before. */
function ofFacts(verification: Verification, { facts }: Looked, { facts: before, probes, pairs }: VerifyReport, threshold: Severity): FleetStanding {
  const audits = new Map(before.tenants.map(({ tenant, audit, auditRun }) => [tenant, { audit, auditRun }]));
  const known = withAudits(facts, audits);
  return standingOf([...judgeAll(verification, known, probes), ...probeFindings(probes, known, pairs)], namesOf(facts.tenants), threshold);
}

/** Remembers how the fleet stands, and tells it when that is new. */
function settle(given: Watch, memory: Memory, standing: FleetStanding, attacks?: AttackRecord): boolean {
  const before = memory.standing;
  const changed = changesBetween(before, standing);
  const isNew = changed.length > 0 || before?.exitCode !== standing.exitCode || memory.problem !== undefined;
  memory.standing = standing;
  memory.problem = undefined;
  if (isNew) tell(given, memory, 'verdict', changed, attacks === undefined ? {} : { attacks });
  return isNew;
}

/** A run that could not be made is no verdict of before: everything is unknown until the next one. */
function failed(given: Watch, memory: Memory, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  const tenants = new Map([...(memory.standing?.tenants.keys() ?? [])].map((tenant) => [tenant, EXIT_CODES.unverified]));
  const isNew = memory.problem !== message;
  memory.standing = { verdict: 'unknown', exitCode: EXIT_CODES.unverified, open: memory.standing?.open ?? new Map(), tenants };
  memory.problem = message;
  if (isNew) tell(given, memory, 'verdict', [], { message });
  given.measure(sampleOf(given, memory, given.now()));
}

function problem(given: Watch, memory: Memory, message: string): void {
  if (memory.problem === message) return;
  memory.problem = message;
  tell(given, memory, 'problem', [], { message });
}

function tell(
  given: Watch,
  memory: Memory,
  event: WatchEvent['event'],
  changed: readonly FindingChange[],
  more: Pick<WatchEvent, 'attacks' | 'message'> = {},
): void {
  const { verdict = 'unknown', exitCode = EXIT_CODES.unverified } = memory.standing ?? {};
  const now = given.now();
  memory.toldAt = now.getTime();
  given.tell({ event, at: now.toISOString(), fleet: memory.fleet, verdict, exitCode, changed, ...more });
}

function sampleOf(given: Watch, { fleet, standing }: Memory, began: Date, attacks?: AttackRecord): WatchSample {
  const now = given.now();
  const open = [...(standing?.open.values() ?? [])];
  const failing = open.filter(({ verdict }) => verdict === 'fail');
  return {
    fleet,
    at: now.toISOString(),
    seconds: (now.getTime() - began.getTime()) / 1000,
    exitCode: standing?.exitCode ?? EXIT_CODES.unverified,
    // The keys are the severities themselves.
    failing: Object.fromEntries(SEVERITIES.map((one) => [one, failing.filter(({ severity }) => severity === one).length])) as Record<
      Severity,
      number
    >,
    unknown: open.length - failing.length,
    tenants: standing?.tenants ?? new Map(),
    ...(attacks === undefined ? {} : { attackAgeSeconds: Math.max(0, (now.getTime() - Date.parse(attacks.ranAt)) / 1000) }),
  };
}

function namesOf(tenants: readonly { readonly tenant: TenantId }[]): readonly TenantId[] {
  return tenants.map(({ tenant }) => tenant);
}
