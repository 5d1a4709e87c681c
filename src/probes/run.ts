/** Runs every probe on every ordered pair: canaries up, attacks from inside each boundary, canaries down, whatever happens. */
import { randomBytes, randomInt } from 'node:crypto';
import type { Blueprint, Layout } from '../core/blueprint.ts';
import type { Command, Program } from '../core/command.ts';
import type { Facts, ProcessFact } from '../core/facts.ts';
import type { Host, Isolation } from '../core/host.ts';
import type { ProbeResult, RanAs } from '../core/probe.ts';
import type { TenantId } from '../core/words.ts';
import { selfContainedProgram } from '../hosts/run-program.ts';
import { sibling } from '../hosts/self-contained.ts';
import { PROBES } from './index.ts';
import type { Probe, Side } from './define.ts';
import { notInside } from './judge.ts';
import { baseOf, foldPair, planAttempts, type Pair, type Plan, type Seen } from './plan.ts';
import { readHeld, readInsideLine, readReleased } from './lines.ts';
import type { Held, Released } from './holder.ts';
import type { Attempted } from './actions.ts';
import { HOLD_MS, holderRequest, sideOf, type Marks } from './sides.ts';

export interface ProbeRun {
  readonly blueprints: readonly Blueprint[];
  readonly layout: Layout;
  readonly facts: Facts;
  hostOf(blueprint: Blueprint): Host;
  isolationOf(blueprint: Blueprint): Isolation;
  observedOf(blueprint: Blueprint): unknown;
  /** The tenant's own gateway token; undefined when it has none. Goes to its own probe program on stdin, nowhere else. */
  tokenOf(tenant: TenantId): string | undefined | Promise<string | undefined>;
  /** Whether the tenant's model is the scripted one. Default: a model provider called `scripted`. */
  scriptedOf?(blueprint: Blueprint): boolean;
  readonly probes?: readonly Probe[];
  readonly signal: AbortSignal;
  onResult?(result: ProbeResult): void;
}

interface Tenant {
  readonly blueprint: Blueprint;
  readonly marks: Marks;
  readonly token: string | undefined;
  readonly gateway: ProcessFact | undefined;
  held?: Held;
  released?: Released;
  holding?: Promise<void>;
  /** Ends a holder that did not hear its release. */
  readonly end: AbortController;
  /** Why its side of every pair is unknown. */
  problem?: string;
  ranAs: Partial<Record<Probe['vantage'], RanAs>>;
}

const ATTACKERS_AT_ONCE = 4;
const CLEAN_UP_MS = 20_000;
/** A released holder ends at its next look, some 25 ms later. */
const HOLDER_ENDS_MS = 5000;

/** Never throws for a tenant that is down: its pairs are `unknown`. */
export async function runProbes(run: ProbeRun): Promise<ProbeResult[]> {
  const tenants = await Promise.all(run.blueprints.map((blueprint) => meet(run, blueprint)));
  const answers = new Map<string, Attempted>();
  const startedAt = performance.now();
  const results: ProbeResult[] = [];
  const tell = (result: ProbeResult): void => {
    results.push(result);
    run.onResult?.(result);
  };
  let plan: Plan = { attempts: [], pairs: [] };
  let sides: readonly Side[] = [];
  try {
    await eachOf(tenants, (tenant) => hold(run, tenant));
    sides = tenants.map((tenant) => sideFor(run, tenant));
    plan = planAttempts(run.probes ?? PROBES, sides);
    await eachOf(tenants, (tenant) => attack(run, tenant, plan, sides, answers));
  } finally {
    // Its own deadline: what was planted must go also when the caller has given up.
    const own = AbortSignal.timeout(CLEAN_UP_MS);
    await eachOf(tenants, (tenant) => release(run, tenant, own));
    await Promise.race([allEnded(tenants), aborted(AbortSignal.any([own, AbortSignal.timeout(HOLDER_ENDS_MS)]))]);
    for (const tenant of tenants) tenant.end.abort();
    await allEnded(tenants);
  }
  run.signal.throwIfAborted();
  const seen: Seen = { answers, trust: run.facts.trust, disqualified: (tenant, vantage) => disqualified(tenants, tenant, vantage) };
  const durationMs = Math.round(performance.now() - startedAt);
  for (const pair of plan.pairs) {
    for (const probe of run.probes ?? PROBES)
      tell(
        probe.id === 'victim.affected'
          ? foldAffected(probe, pair, tenants, run, durationMs)
          : withRanAs(foldPair(probe, pair, seen, durationMs), probe, pair, tenants),
      );
  }
  return results;
}

async function meet(run: ProbeRun, blueprint: Blueprint): Promise<Tenant> {
  const process = run.facts.tenants.find(({ tenant }) => tenant === blueprint.tenant)?.process;
  const gateway = process?.known === true ? (process.value ?? undefined) : undefined;
  const marks = {
    nonce: randomBytes(16).toString('hex'),
    decoyNonce: randomBytes(16).toString('hex'),
    decoyUid: randomInt(2_000_000_000, 2_100_000_000),
  };
  const token = await run.tokenOf(blueprint.tenant);
  const problem =
    gateway === undefined ? (process?.known === false ? `its gateway process is not known: ${process.why}` : 'its gateway does not run') : undefined;
  return { blueprint, marks, token, gateway, end: new AbortController(), ranAs: {}, ...(problem === undefined ? {} : { problem }) };
}

/** Starts the holder and waits until it has planted everything, or has ended. */
async function hold(run: ProbeRun, tenant: Tenant): Promise<void> {
  if (tenant.problem !== undefined) return;
  const request = holderRequest({ ...tenant, all: run.blueprints }, 'hold');
  const command = enter(run, tenant, {
    title: `plant canaries in ${tenant.blueprint.tenant}`,
    program: 'holder',
    request,
    timeoutMs: HOLD_MS + 10_000,
  });
  if (command === undefined) return;
  await new Promise<void>((ready) => {
    const timer = setTimeout(() => {
      tenant.problem ??= 'its canaries were not planted within 30 s';
      ready();
    }, 30_000);
    const onLine = (line: string): void => {
      const held = readHeld(line);
      if (held !== undefined) {
        tenant.held = held;
        clearTimeout(timer);
        ready();
      }
      const released = readReleased(line);
      if (released !== undefined) tenant.released = released;
    };
    tenant.holding = run
      .hostOf(tenant.blueprint)
      .stream(command, onLine, tenant.end.signal)
      .then(
        (result) => {
          if (tenant.held === undefined) tenant.problem ??= `its canaries could not be planted: ${lastLine(result.stderr)}`;
        },
        (error: unknown) => {
          if (tenant.held === undefined) tenant.problem ??= `its canaries could not be planted: ${String(error)}`;
        },
      )
      .finally(() => {
        clearTimeout(timer);
        ready();
      });
  });
}

/** Both vantages of one attacker, one process each. */
async function attack(run: ProbeRun, tenant: Tenant, plan: Plan, sides: readonly Side[], answers: Map<string, Attempted>): Promise<void> {
  const side = sides.find((candidate) => candidate.tenant === tenant.blueprint.tenant);
  if (tenant.problem !== undefined || side === undefined) return;
  for (const vantage of ['inside', 'user'] as const) {
    const attempts = plan.attempts.filter(({ performer, probe }) => performer === side.tenant && probe.vantage === vantage);
    if (attempts.length === 0) continue;
    // Two controls may ask for the same action; it is tried once and answers both.
    const keysOf = Map.groupBy(attempts, ({ step }) => JSON.stringify(step.action));
    const once = [...keysOf.values()].flatMap((same) => same.slice(0, 1));
    const request = {
      attempts: once.map(({ key, step }) => ({ key, action: step.action })),
      ...(tenant.token === undefined ? {} : { token: tenant.token }),
    };
    const title = vantage === 'inside' ? `attack from inside ${side.tenant}` : `attack as the OS user of ${side.tenant}`;
    const command = enter(run, tenant, { title, program: 'inside', request, timeoutMs: 300_000, vantage });
    if (command === undefined) return;
    const asked = new Map([...keysOf.values()].map((same) => [same[0]?.key ?? '', same.map(({ key }) => key)]));
    const result = await run.hostOf(tenant.blueprint).stream(
      command,
      (line) => {
        const told = readInsideLine(line);
        if (told?.ranAs !== undefined) tenant.ranAs[vantage] ??= told.ranAs;
        if (told?.attempted === undefined) return;
        for (const key of asked.get(told.attempted.key) ?? []) if (!answers.has(key)) answers.set(key, told.attempted);
      },
      run.signal,
    );
    if (result.exit !== 0 && tenant.ranAs[vantage] === undefined) tenant.problem ??= `the probe program did not run: ${lastLine(result.stderr)}`;
  }
}

async function release(run: ProbeRun, tenant: Tenant, signal: AbortSignal): Promise<void> {
  if (tenant.holding === undefined) return;
  const request = holderRequest({ ...tenant, all: run.blueprints }, 'release');
  const command = enter(run, tenant, {
    title: `remove canaries from ${tenant.blueprint.tenant}`,
    program: 'holder',
    request,
    timeoutMs: CLEAN_UP_MS,
  });
  if (command === undefined) return;
  await run
    .hostOf(tenant.blueprint)
    .run(command, signal)
    .catch((error: unknown) => {
      tenant.problem ??= `its canaries may still be there: ${String(error)}`;
    });
}

interface Entering {
  readonly title: string;
  readonly program: string;
  readonly request: unknown;
  readonly timeoutMs: number;
  readonly vantage?: Probe['vantage'];
}

/** The program as a command inside the boundary; a boundary that is not up becomes the tenant's problem. */
function enter(run: ProbeRun, tenant: Tenant, { title, program, request, timeoutMs, vantage }: Entering): Command | undefined {
  const { blueprint } = tenant;
  const isolation = run.isolationOf(blueprint);
  const prepared: Program = selfContainedProgram({
    program: sibling(import.meta.url, program),
    request,
    node: blueprint.install.node,
    title,
    timeoutMs,
    redact: true,
  });
  try {
    const door = vantage === 'user' ? isolation.asTenant : isolation.enter;
    return door.call(isolation, blueprint, run.layout, run.observedOf(blueprint), prepared);
  } catch (error) {
    tenant.problem ??= `its boundary cannot be entered: ${error instanceof Error ? error.message : String(error)}`;
    return undefined;
  }
}

function sideFor(run: ProbeRun, { blueprint, marks, gateway, held, token }: Tenant): Side {
  const scripted = run.scriptedOf?.(blueprint) ?? blueprint.models.some(({ provider }) => provider === 'scripted');
  const details = run.isolationOf(blueprint).details(run.observedOf(blueprint));
  return sideOf({ blueprint, marks, details, gateway, held, scripted, hasToken: token !== undefined });
}

function disqualified(tenants: readonly Tenant[], id: TenantId, vantage: Probe['vantage']): string | undefined {
  const tenant = tenants.find(({ blueprint }) => blueprint.tenant === id);
  if (tenant?.gateway === undefined || tenant.problem !== undefined) return tenant?.problem ?? 'its gateway does not run';
  const { ranAs, gateway, blueprint } = tenant;
  if (vantage === 'inside') return notInside(ranAs.inside, gateway, blueprint.paths.configFile);
  if (ranAs.user === undefined) return 'the probe did not say where it ran';
  return ranAs.user.uid === gateway.uid && ranAs.user.gid === gateway.gid
    ? undefined
    : `it ran as ${ranAs.user.uid}:${ranAs.user.gid}, not as the gateway’s user`;
}

function withRanAs(result: ProbeResult, probe: Probe, { attacker, victim }: Pair, tenants: readonly Tenant[]): ProbeResult {
  const performer = probe.by === 'victim' ? victim.tenant : attacker.tenant;
  const ranAs = tenants.find(({ blueprint }) => blueprint.tenant === performer)?.ranAs[probe.vantage];
  return ranAs === undefined ? result : { ...result, ranAs };
}

function foldAffected(probe: Probe, pair: Pair, tenants: readonly Tenant[], run: ProbeRun, durationMs: number): ProbeResult {
  const victim = tenants.find(({ blueprint }) => blueprint.tenant === pair.victim.tenant);
  const planted = Object.keys(victim?.held?.canaries ?? {}).length;
  const positiveControl = { held: planted > 0, detail: `${planted} canaries were planted` };
  const negativeControl = { held: victim?.released?.noticesChange === true, detail: 'a wrong content is noticed' };
  const base = { ...baseOf(probe, pair, run.facts.trust, durationMs), positiveControl, negativeControl };
  const idle = tenants.find(({ blueprint }) => blueprint.tenant === pair.attacker.tenant)?.problem;
  if (idle !== undefined) return { ...base, verdict: 'unknown', detail: `${pair.attacker.tenant} did not attack: ${idle}` };
  if (victim?.released === undefined || victim.problem !== undefined || !positiveControl.held || !negativeControl.held) {
    return {
      ...base,
      verdict: 'unknown',
      detail: `${pair.victim.tenant}: ${victim?.problem ?? 'it did not say how it found itself after the attacks'}`,
    };
  }
  if (victim.released.affected.length > 0) return { ...base, verdict: 'breached', detail: victim.released.affected.join('; ') };
  return { ...base, verdict: 'contained', detail: `${planted} canaries unchanged, nothing left behind, the same gateway process` };
}

async function eachOf(tenants: readonly Tenant[], action: (tenant: Tenant) => Promise<void>): Promise<void> {
  const queue = [...tenants];
  const lane = async (): Promise<void> => {
    for (let tenant = queue.shift(); tenant !== undefined; tenant = queue.shift()) await action(tenant);
  };
  const lanes = await Promise.allSettled(Array.from({ length: Math.min(ATTACKERS_AT_ONCE, tenants.length) }, lane));
  for (const settled of lanes) if (settled.status === 'rejected') throw settled.reason;
}

async function allEnded(tenants: readonly Tenant[]): Promise<void> {
  for (const { holding } of tenants) await holding;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.slice(0, 200) || 'it said nothing';
}
