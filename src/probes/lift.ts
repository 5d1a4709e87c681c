/**
 * The attacks of a tenant's agents once more, with their policy lifted: through a second gateway of its own, started where its own one runs and only for that.
 * It tells what holds by policy from what the boundary holds.
 */
import type { Command } from '../core/command.ts';
import type { Lifted, ProbeResult } from '../core/probe.ts';
import { liftedConfig, liftedEnvironment } from '../openclaw/lifted.ts';
import type { Attempted } from './actions.ts';
import type { CloneRequest } from './clone.ts';
import { skipReason, type Probe, type Side } from './define.ts';
import { readCloneLine, readInsideLine } from './lines.ts';
import { foldPair, planAttempts, type Pair, type Seen } from './plan.ts';
import type { OrderedPair } from './pairs.ts';
import { HOLD_MS } from './sides.ts';
import { CLEAN_UP_MS, enter, lastLine, type Doors, type Tenant } from './tenants.ts';
import { BY_POLICY } from './turn.ts';

export interface Lifting extends Doors {
  readonly probes: readonly Probe[];
  readonly pairs: readonly OrderedPair[];
  readonly sides: readonly Side[];
  readonly tenants: readonly Tenant[];
  disqualified: Seen['disqualified'];
  readonly signal: AbortSignal;
  onLine?(line: string): void;
}

/** What one took with all that its tools started, twenty calls at once: 1734 and 1796 MiB (openclaw 2026.9.6). */
const NEEDED_BYTES = 1800 * 1_048_576;
/** Left to the tenant's own gateway. */
const MARGIN_BYTES = 192 * 1_048_576;
const CLONE_MS = 120_000;
/** With the start and the turns of the last one, less than holders wait for their release. */
const MOST_MS = HOLD_MS - CLONE_MS - 120_000;
const PORT_BELOW_LAST = 12;

/** Attacks that take turns, and of which a boundary could hold what they try: what a gateway says of itself, another one says of another. */
function isLiftable(probe: Probe, attacker: Side, victim: Side): boolean {
  if (probe.wall === undefined || probe.liftable === false || skipReason(probe, attacker, victim) !== undefined) return false;
  const attempts = probe.attempts(attacker, victim);
  return attempts.length > 0 && attempts.every(({ action }) => action.kind === 'turn');
}

/** One tenant after the other: each costs a gateway's memory. Until the canaries would be taken away by themselves. */
export async function attackLifted(lifting: Lifting): Promise<ReadonlyMap<string, Lifted>> {
  const told = new Map<string, Lifted>();
  const end = performance.now() + MOST_MS;
  for (const tenant of lifting.tenants) {
    const name = tenant.blueprint.tenant;
    const attacker = lifting.sides.find((side) => side.tenant === name);
    const victims = lifting.pairs.flatMap((pair) => (pair.attacker === name ? lifting.sides.filter((side) => side.tenant === pair.victim) : []));
    const probes = lifting.probes.filter((probe) => attacker !== undefined && victims.some((victim) => isLiftable(probe, attacker, victim)));
    if (attacker === undefined || probes.length === 0) continue;
    lifting.onLine?.(`attack as the agents of ${name} without their policy`);
    const pairs = victims.map((victim): Pair => ({ attacker: { ...attacker, gatewayPort: clonePort(tenant) }, victim }));
    const attacked =
      performance.now() > end ? notLifted('the tenants before it took all the time') : await throughClone(lifting, tenant, { probes, pairs });
    for (const pair of pairs) for (const probe of probes) told.set(keyOf(probe.id, name, pair.victim.tenant), attacked(probe, pair));
  }
  return told;
}

/** The same results, those of agents with what came of them once their policy was lifted. */
export function withLifted(results: readonly ProbeResult[], told: ReadonlyMap<string, Lifted>): readonly ProbeResult[] {
  return results.map((result) => {
    const lifted = told.get(keyOf(result.id, result.attacker, result.victim));
    return lifted === undefined ? result : { ...result, lifted };
  });
}

function notLifted(why: string) {
  return (): Lifted => ({ verdict: 'unknown', detail: `not lifted: ${why}` });
}

function keyOf(id: string, attacker: string, victim: string): string {
  return `${id} ${attacker} ${victim}`;
}

interface Turns {
  readonly probes: readonly Probe[];
  readonly pairs: readonly Pair[];
}

async function throughClone(lifting: Lifting, tenant: Tenant, { probes, pairs }: Turns): Promise<(probe: Probe, pair: Pair) => Lifted> {
  if (tenant.problem !== undefined) return notLifted(tenant.problem);
  const room = await roomFor(lifting, tenant);
  if (typeof room === 'string') return notLifted(room);
  const clone = await startClone(lifting, tenant, room);
  try {
    if (clone.why !== undefined) return notLifted(clone.why);
    const plan = planAttempts(probes, [...new Set(pairs.flatMap(({ attacker, victim }) => [attacker, victim]))], orderedOf(pairs));
    const own = plan.attempts.filter(({ performer }) => performer === tenant.blueprint.tenant);
    const answers = await take(lifting, tenant, own);
    const seen: Seen = { answers, disqualified: lifting.disqualified, trust: lifting.facts.trust };
    return (probe, pair) => labelled(foldPair(probe, pair, seen, 0));
  } finally {
    await clone.end();
  }
}

function orderedOf(pairs: readonly Pair[]): readonly OrderedPair[] {
  return pairs.map(({ attacker, victim }) => ({ attacker: attacker.tenant, victim: victim.tenant }));
}

/** Without policy, what still refuses is no policy; a refusal by a tool itself is called what it is. */
function labelled({ verdict, detail }: ProbeResult): Lifted {
  if (verdict === 'breached') return { verdict, detail, heldBy: 'policy' };
  if (verdict === 'contained') return { verdict, detail, heldBy: detail.includes(BY_POLICY) ? 'tool' : 'boundary' };
  return { verdict, detail };
}

async function take(lifting: Lifting, tenant: Tenant, own: ReturnType<typeof planAttempts>['attempts']): Promise<ReadonlyMap<string, Attempted>> {
  const answers = new Map<string, Attempted>();
  const keysOf = Map.groupBy(own, ({ step }) => JSON.stringify(step.action));
  const asked = new Map([...keysOf.values()].map((same) => [same[0]?.key ?? '', same.map(({ key }) => key)]));
  const once = [...keysOf.values()].flatMap((same) => same.slice(0, 1)).map(({ key, step }) => ({ key, action: step.action }));
  const request = { attempts: once, workspace: tenant.blueprint.paths.workspace, ...(tenant.token === undefined ? {} : { token: tenant.token }) };
  const title = `attack as the agents of ${tenant.blueprint.tenant} without their policy`;
  const command = enter(lifting, tenant, { title, program: 'inside', request, timeoutMs: CLONE_MS });
  if (command === undefined) return answers;
  const onLine = (line: string): void => {
    const attempted = readInsideLine(line)?.attempted;
    if (attempted !== undefined) for (const key of asked.get(attempted.key) ?? []) answers.set(key, attempted);
  };
  await lifting.hostOf(tenant.blueprint).stream(command, onLine, lifting.signal);
  return answers;
}

/** Bytes that a second gateway may take; `null` without a limit, or why there is no room for it. */
async function roomFor(lifting: Lifting, tenant: Tenant): Promise<number | null | string> {
  const { blueprint, gateway } = tenant;
  const request: CloneRequest = { mode: 'room', pid: gateway?.pid ?? 0 };
  const title = `look for room for a second gateway of ${blueprint.tenant}`;
  const command = enter(lifting, tenant, { title, program: 'clone', request, timeoutMs: CLEAN_UP_MS, vantage: 'user' });
  if (command === undefined) return 'its boundary cannot be entered';
  const { stdout, stderr } = await lifting.hostOf(blueprint).run(command, lifting.signal);
  const line = readCloneLine(stdout.trim());
  if (line === undefined || !('room' in line)) return `its limit on memory is not known: ${lastLine(stderr)}`;
  if (line.room === null) return null;
  const free = line.room - MARGIN_BYTES;
  const mib = (bytes: number): number => Math.max(0, Math.round(bytes / 1_048_576));
  return free >= NEEDED_BYTES ? free : `memory: a second gateway takes ${mib(NEEDED_BYTES)} MiB, and ${mib(free)} MiB are free below its limit`;
}

interface Clone {
  /** Why it does not run. */
  readonly why?: string;
  end(): Promise<void>;
}

async function startClone(lifting: Lifting, tenant: Tenant, room: number | null): Promise<Clone> {
  const { blueprint, marks } = tenant;
  const host = lifting.hostOf(blueprint);
  const stand = { directory: `${blueprint.paths.tmp}/.bulkhead-clone-${marks.nonce.slice(-16)}`, port: clonePort(tenant) };
  const request: CloneRequest = {
    mode: 'run',
    ...stand,
    node: blueprint.install.node,
    openclaw: blueprint.install.openclaw,
    config: liftedConfig(blueprint.config, stand),
    environment: liftedEnvironment(blueprint.environment, stand),
    workspace: blueprint.paths.workspace,
    ...(room === null ? {} : { mostBytes: room }),
    maxMs: CLONE_MS,
  };
  const program = (wanted: CloneRequest, title: string): Command | undefined =>
    enter(lifting, tenant, { title, program: 'clone', request: wanted, timeoutMs: CLONE_MS + 120_000 });
  const command = program(request, `start a second gateway of ${blueprint.tenant}`);
  if (command === undefined) return { why: 'its boundary cannot be entered', end: () => Promise.resolve() };
  const giveUp = new AbortController();
  const { promise: ready, resolve: tell } = Promise.withResolvers<string | undefined>();
  const running = host
    .stream(
      command,
      (line) => {
        const said = readCloneLine(line);
        if (said !== undefined && 'up' in said) tell(undefined);
        if (said !== undefined && 'down' in said) tell(said.down);
      },
      giveUp.signal,
    )
    .then(
      ({ stderr }) => tell(`it did not start: ${lastLine(stderr)}`),
      (error: unknown) => tell(String(error)),
    );
  const why = await Promise.race([ready, aborted(lifting.signal)]);
  return {
    ...(why === undefined ? {} : { why }),
    // Its own deadline: it must go also when the caller has given up.
    end: async () => {
      const end = program({ mode: 'end', directory: stand.directory }, `end the second gateway of ${blueprint.tenant}`);
      try {
        if (end !== undefined) await host.run(end, AbortSignal.timeout(CLEAN_UP_MS));
      } finally {
        giveUp.abort();
        await running;
      }
    },
  };
}

function aborted(signal: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve('interrupted');
    signal.addEventListener('abort', () => resolve('interrupted'), { once: true });
  });
}

/** In its own block, apart from what its gateway derives and its holder squats. */
function clonePort({ blueprint }: Tenant): number {
  return blueprint.ports.last - PORT_BELOW_LAST;
}
