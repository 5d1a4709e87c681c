/** Runs every probe on the chosen pairs: canaries up, attacks from inside each boundary, canaries down, whatever happens. */
import type { Blueprint } from '../core/blueprint.ts';
import { BulkheadError } from '../core/error.ts';
import type { Lifted, ProbeResult } from '../core/probe.ts';
import type { Attempted } from './actions.ts';
import { foldAffected } from './affected.ts';
import type { Probe, Side } from './define.ts';
import { PROBES } from './index.ts';
import { openLedger, type Ledger } from './ledger.ts';
import { attackLifted, withLifted } from './lift.ts';
import { readInsideLine } from './lines.ts';
import { choosePairs, type OrderedPair } from './pairs.ts';
import { foldPair, planAttempts, type Pair, type Planned, type Seen, type SeenFrom } from './plan.ts';
import { CLEAN_UP_MS, disqualified, enter, hold, lastLine, meet, release, sideFor, type Doors, type Tenant } from './tenants.ts';

export interface ProbeRun extends Doors {
  readonly blueprints: readonly Blueprint[];
  /** Default: every ordered pair. */
  readonly pairs?: readonly OrderedPair[];
  readonly probes?: readonly Probe[];
  /** Attack through the attackers' agents once more without their policy, by a second gateway of each. Default: no. */
  readonly liftPolicy?: boolean;
  /** Default: the same names for everybody. */
  readonly seenFrom?: SeenFrom;
  readonly signal: AbortSignal;
  /** What takes a while. */
  onLine?(line: string): void;
  /** As soon as all is known that a probe's verdict on a pair hangs on. */
  onResult?(result: ProbeResult): void;
  /** After each pair on which every attack has ended; how the victims found themselves afterwards is told at the end. */
  onPair?(done: number, of: number): void;
}

const ATTACKERS_AT_ONCE = 4;

/** Never throws for a tenant that is down: its pairs are `unknown`. */
export async function runProbes(run: ProbeRun): Promise<readonly ProbeResult[]> {
  const pairs = run.pairs ?? everyPair(run);
  const tenants = new Map((await Promise.all(meetAll(run, pairs))).map((tenant) => [tenant.blueprint.tenant, tenant]));
  const all = [...tenants.values()];
  // On one machine they would only say that they are for several.
  const isAcross = new Set(all.map(({ blueprint }) => blueprint.host)).size > 1;
  const probes = (run.probes ?? PROBES).filter(({ onlyAcrossHosts }) => onlyAcrossHosts !== true || isAcross);
  const answers = new Map<string, Attempted>();
  const startedAt = performance.now();
  const disqualifies = disqualifying(tenants);
  let ledger: Ledger | undefined;
  let lifted: ReadonlyMap<string, Lifted> = new Map();
  try {
    await eachOf(all, (tenant) => hold(run, tenant));
    const sides = all.map((tenant) => sideFor(run, tenant));
    const plan = planAttempts(probes, sides, pairs, run.seenFrom);
    const opened = openLedger({
      probes,
      plan,
      isLast: ({ id }) => id === 'victim.affected',
      fold: folding(run, tenants, answers, startedAt),
      onResult: (result) => run.onResult?.(result),
      onPair: (done, of) => run.onPair?.(done, of),
    });
    ledger = opened;
    const attempts = Map.groupBy(plan.attempts, ({ performer }) => performer);
    await eachOf(all, (tenant) => attack(run, tenant, attempts.get(tenant.blueprint.tenant) ?? [], answers, opened));
    if (run.liftPolicy === true) lifted = await attackLifted({ ...run, probes, pairs, sides, tenants: all, disqualified: disqualifies });
  } finally {
    // Its own deadline: what was planted must go also when the caller has given up.
    const own = AbortSignal.timeout(CLEAN_UP_MS);
    await eachOf(all, (tenant) => release(run, tenant, own));
  }
  run.signal.throwIfAborted();
  return withLifted(ledger.close(), lifted);
}

function everyPair({ blueprints, facts }: ProbeRun): readonly OrderedPair[] {
  return choosePairs({ tenants: blueprints, trust: facts.trust, most: Infinity, seed: 0 }).pairs;
}

/** A tenant that nobody attacks and that attacks nobody is left alone. */
function meetAll(run: ProbeRun, pairs: readonly OrderedPair[]): Promise<Tenant>[] {
  const blueprintOf = new Map(run.blueprints.map((blueprint) => [blueprint.tenant, blueprint]));
  const victimsOf = Map.groupBy(pairs, ({ attacker }) => attacker);
  const concerned = new Set(pairs.flatMap(({ attacker, victim }) => [attacker, victim]));
  return run.blueprints
    .filter(({ tenant }) => concerned.has(tenant))
    .map((blueprint) => {
      const victims = (victimsOf.get(blueprint.tenant) ?? []).flatMap(({ victim }) => blueprintOf.get(victim) ?? []);
      return meet(run, blueprint, victims);
    });
}

/** Both vantages of one attacker at once, one process each. */
async function attack(run: ProbeRun, tenant: Tenant, attempts: readonly Planned[], answers: Map<string, Attempted>, ledger: Ledger): Promise<void> {
  const from = (vantage: Probe['vantage']): Promise<void> =>
    attackFrom(
      vantage,
      attempts.filter(({ probe }) => probe.vantage === vantage),
      { run, tenant, answers, ledger },
    );
  await Promise.all([from('inside'), from('user')]);
}

interface Attack {
  readonly run: ProbeRun;
  readonly tenant: Tenant;
  readonly answers: Map<string, Attempted>;
  readonly ledger: Ledger;
}

async function attackFrom(vantage: Probe['vantage'], attempts: readonly Planned[], { run, tenant, answers, ledger }: Attack): Promise<void> {
  if (tenant.problem !== undefined || attempts.length === 0) return;
  const name = tenant.blueprint.tenant;
  // Two controls may ask for the same action; it is tried once and answers both.
  const keysOf = Map.groupBy(attempts, ({ step }) => JSON.stringify(step.action));
  const once = [...keysOf.values()].flatMap((same) => same.slice(0, 1));
  const request = {
    attempts: once.map(({ key, step }) => ({ key, action: step.action })),
    workspace: tenant.blueprint.paths.workspace,
    ...(tenant.token === undefined ? {} : { token: tenant.token }),
  };
  const title = vantage === 'inside' ? `attack from inside ${name}` : `attack as the OS user of ${name}`;
  const command = enter(run, tenant, { title, program: 'inside', request, timeoutMs: 300_000, vantage });
  if (command === undefined) return;
  const asked = new Map([...keysOf.values()].map((same) => [same[0]?.key ?? '', same.map(({ key }) => key)]));
  const onLine = (line: string): void => {
    const told = readInsideLine(line);
    if (told?.ranAs !== undefined && tenant.ranAs[vantage] === undefined) {
      tenant.ranAs[vantage] = told.ranAs;
      ledger.ran(name, vantage);
    }
    if (told?.attempted === undefined) return;
    for (const key of asked.get(told.attempted.key) ?? []) {
      if (answers.has(key)) continue;
      answers.set(key, told.attempted);
      ledger.answered(key);
    }
  };
  const result = await run
    .hostOf(tenant.blueprint)
    .stream(command, onLine, run.signal)
    .catch((error: unknown) => {
      run.signal.throwIfAborted();
      if (!(error instanceof BulkheadError)) throw error;
      // A cable that is pulled meanwhile is no reason to stop the attacks on other machines.
      tenant.problem ??= `its machine was lost while it attacked: ${error.message}`;
    });
  if (result === undefined) return;
  if (result.exit !== 0 && tenant.ranAs[vantage] === undefined) tenant.problem ??= `the probe program did not run: ${lastLine(result.stderr)}`;
}

type Tenants = ReadonlyMap<string, Tenant>;

function folding(run: ProbeRun, tenants: Tenants, answers: ReadonlyMap<string, Attempted>, startedAt: number) {
  const seen: Seen = {
    answers,
    trust: run.facts.trust,
    disqualified: disqualifying(tenants),
  };
  const neighboured = new Map([...tenants].map(([name, tenant]) => [name, hasNeighbour(name, tenant, tenants)]));
  return (probe: Probe, pair: Pair): ProbeResult => {
    const durationMs = Math.round(performance.now() - startedAt);
    const [attacker, victim] = [tenants.get(pair.attacker.tenant), tenants.get(pair.victim.tenant)];
    if (probe.id === 'victim.affected') {
      // Whose attacks made a gateway slow nobody can tell; those next to it come first, and the others were refused on the way.
      const isShared = pair.attacker.on !== pair.victim.on && (neighboured.get(pair.victim.tenant) ?? false);
      return foldAffected(probe, pair, { attacker, victim, trust: run.facts.trust, durationMs, isShared });
    }
    return withRanAs(foldPair(probe, pair, seen, durationMs), probe, pair, tenants);
  };
}

/** Whether somebody of its own machine attacks it too. */
function hasNeighbour(name: string, { blueprint }: Tenant, tenants: Tenants): boolean {
  return [...tenants.values()].some(
    (one) => one.blueprint.host === blueprint.host && one.problem === undefined && one.victims.some(({ tenant }) => tenant === name),
  );
}

function disqualifying(tenants: Tenants): Seen['disqualified'] {
  return (id, vantage) => {
    const tenant = tenants.get(id);
    return tenant === undefined ? 'it is not part of this run' : disqualified(tenant, vantage);
  };
}

function withRanAs(result: ProbeResult, probe: Probe, { attacker, victim }: Pair, tenants: Tenants): ProbeResult {
  const performer: Side = probe.by === 'victim' ? victim : attacker;
  const ranAs = tenants.get(performer.tenant)?.ranAs[probe.vantage];
  return ranAs === undefined ? result : { ...result, ranAs };
}

/** So many of each host at a time: hosts work side by side. */
async function eachOf(tenants: readonly Tenant[], action: (tenant: Tenant) => Promise<void>): Promise<void> {
  const hosts = [...Map.groupBy(tenants, ({ blueprint }) => blueprint.host).values()];
  const ended = await Promise.allSettled(hosts.map((here) => inLanes(here, action)));
  for (const settled of ended) if (settled.status === 'rejected') throw settled.reason;
}

async function inLanes(tenants: readonly Tenant[], action: (tenant: Tenant) => Promise<void>): Promise<void> {
  const queue = [...tenants];
  const lane = async (): Promise<void> => {
    for (let tenant = queue.shift(); tenant !== undefined; tenant = queue.shift()) await action(tenant);
  };
  const lanes = await Promise.allSettled(Array.from({ length: Math.min(ATTACKERS_AT_ONCE, tenants.length) }, lane));
  for (const settled of lanes) if (settled.status === 'rejected') throw settled.reason;
}
