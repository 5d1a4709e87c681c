/** Looks for gateways on a host: processes, units, homes, container engines. Reads only; what could not be looked at is said, never left out. */
import { known, unknown, type Known } from '../core/facts.ts';
import type { Host } from '../core/host.ts';
import { parseResult, runSelfContained, selfContainedProgram } from '../hosts/run-program.ts';
import { sibling } from '../hosts/self-contained.ts';
import { MASKING } from '../openclaw/credentials/masking-rules.ts';
import { VISIBLE_NAMES } from '../openclaw/credentials/variables.ts';
import { resolveLaunch } from '../openclaw/resolve.ts';
import { isObject } from '../openclaw/merge.ts';
import type { TenantCollected } from '../observe/tenant-collector.ts';
import { inTurn } from '../observe/in-turn.ts';
import { reason } from '../observe/subject.ts';
import { asUser } from './adopted.ts';
import type { HomeDiscovered, HomeDiscoveryRequest } from './home-discovery.ts';
import type { LaunchLookRequest } from './launch-look.ts';
import type { Account, MachineDiscovered } from './machine-discovery.ts';
import { effectiveTexts } from './found-blueprint.ts';
import type { LookedAt } from './merge.ts';
import { mountedInto, type Sighting } from './sighting.ts';

/** One kind of place, and what came of looking there. */
export interface Source {
  readonly what: string;
  /** `looked`: seen whole; `partly`: something was out of sight; `not-tried`: nobody looked. */
  readonly state: 'looked' | 'partly' | 'not-tried';
  readonly detail: string;
}

export interface Scanning {
  readonly host: Host;
  /** Our own Node on that host. */
  readonly node: string;
  /** A file of OpenClaw, for its JSON5 parser; it need not exist. */
  readonly openclaw: string;
  /** Random key of this run, hex. */
  readonly key: string;
  readonly signal: AbortSignal;
}

const MOST_HOMES = 500;

export async function discoverMachine({ host, node, key, signal }: Scanning): Promise<MachineDiscovered> {
  const run = {
    program: sibling(import.meta.url, 'machine-discovery'),
    request: { key, rules: MASKING, visible: VISIBLE_NAMES },
    node,
    title: `look for gateways on ${host.id}`,
    timeoutMs: 60_000,
    redact: true,
  };
  return await runSelfContained<MachineDiscovered>(host, run, signal);
}

/** Root looks into each home as its owner; anybody else looks as far as he may. */
export async function discoverHomes(
  scanning: Scanning,
  machine: MachineDiscovered,
): Promise<{ readonly homes: readonly HomeDiscovered[]; readonly problems: readonly string[] }> {
  const accounts = machine.accounts.ok ? machine.accounts.value.slice(0, MOST_HOMES) : [];
  const own = accounts.filter(({ uid }) => uid === machine.uid);
  const groups: readonly (readonly Account[])[] = machine.uid === 0 ? [...Map.groupBy(accounts, ({ uid }) => uid).values()] : [accounts];
  const problems =
    machine.accounts.ok && machine.accounts.value.length > MOST_HOMES ? [`there are more than ${MOST_HOMES} homes; the rest was not looked at`] : [];
  const looks = await inTurn(groups, 4, async (group) => await homesOf(scanning, machine, machine.uid === 0 ? group : [...own, ...group]));
  const homes = looks.flatMap((look) => (look.known ? look.value : []));
  const closed = homes.flatMap(({ name, directories, units, jobs }) =>
    [directories, units, jobs].flatMap((part) => (part.ok ? [] : [`home of ${name}: ${part.why}`])).slice(0, 1),
  );
  return { homes, problems: [...problems, ...looks.flatMap((look) => (look.known ? [] : [look.why])), ...closed] };
}

async function homesOf(
  { host, node, key, signal }: Scanning,
  { uid }: MachineDiscovered,
  accounts: readonly Account[],
): Promise<Known<readonly HomeDiscovered[]>> {
  const [first] = accounts;
  if (first === undefined) return known([], '');
  const title = uid === 0 ? `look into the home of ${first.name}` : 'look into homes';
  const distinct = [...new Map(accounts.map((account) => [account.name, account])).values()];
  const request: HomeDiscoveryRequest = { key, rules: MASKING, visible: VISIBLE_NAMES, homes: distinct.map(({ name, home }) => ({ name, home })) };
  try {
    const program = selfContainedProgram({
      program: sibling(import.meta.url, 'home-discovery'),
      request,
      node,
      title,
      timeoutMs: 30_000,
      redact: true,
    });
    const as = uid === 0 ? first : { uid, gid: first.gid };
    const result = await host.run(asUser({ ...as, groups: [], mounted: [] }, uid, program), signal);
    return known(parseResult<readonly HomeDiscovered[]>(result, title, host.id), '');
  } catch (error) {
    return unknown(reason(error, signal));
  }
}

/** Where each sighting's config and state really are, seen as whoever it runs as. */
export async function lookAtLaunches(scanning: Scanning, scanner: number, sightings: readonly Sighting[]): Promise<readonly LookedAt[]> {
  const users = [...Map.groupBy(sightings, ({ runsAs }) => runsAs?.uid ?? -1)];
  const looked = await inTurn(users, 4, async ([uid, here]) => await lookAs(scanning, scanner, uid, here));
  return looked.flat();
}

async function lookAs(
  { host, node, openclaw, key, signal }: Scanning,
  scanner: number,
  uid: number,
  sightings: readonly Sighting[],
): Promise<readonly LookedAt[]> {
  const runsAs = sightings[0]?.runsAs;
  const cannot = (why: string): readonly LookedAt[] =>
    sightings.map((sighting) => ({ sighting, looked: unknown(sighting.launch.known ? why : sighting.launch.why) }));
  if (runsAs === undefined) return cannot('who it runs as is not known');
  if (scanner !== 0 && scanner !== uid) return cannot(`it is uid ${uid}'s: only that user and root may read it`);
  const launches = sightings.flatMap((sighting) => (sighting.launch.known ? [{ sighting, resolved: resolveLaunch(sighting.launch.value) }] : []));
  const request: LaunchLookRequest = {
    launches: launches.map(({ resolved }) => ({
      key,
      rules: MASKING,
      openclaw,
      configFile: resolved.configPath,
      paths: [
        { role: 'state', path: resolved.stateDir, elsewhere: true },
        { role: 'config', path: resolved.configPath, elsewhere: true },
      ],
    })),
  };
  const title = `look at configs of ${runsAs.name ?? `uid ${uid}`}`;
  try {
    const program = selfContainedProgram({ program: sibling(import.meta.url, 'launch-look'), request, node, title, timeoutMs: 30_000, redact: true });
    const reader = { ...runsAs, mounted: sightings.flatMap(mountedInto) };
    const answers = parseResult<readonly TenantCollected[]>(await host.run(asUser(reader, scanner, program), signal), title, host.id);
    const closed = sightings.filter(({ launch }) => !launch.known);
    return [
      ...launches.map(({ sighting, resolved }, index): LookedAt => ({ sighting, looked: lookedOf(resolved, answers[index]) })),
      ...closed.map((sighting): LookedAt => ({ sighting, looked: unknown(sighting.launch.known ? '' : sighting.launch.why) })),
    ];
  } catch (error) {
    return cannot(reason(error, signal));
  }
}

function lookedOf(resolved: ReturnType<typeof resolveLaunch>, answer: TenantCollected | undefined): LookedAt['looked'] {
  if (answer === undefined) return unknown('it was not looked at');
  if (!answer.paths.ok) return unknown(answer.paths.why);
  const [state, config] = answer.paths.value;
  const text = answer.config.ok
    ? known(isObject(answer.config.value) ? answer.config.value : {}, `config:${resolved.configPath}`)
    : unknown(answer.config.why);
  return known(
    { resolved, state: state?.identity ?? state?.real ?? resolved.stateDir, config: config?.identity ?? config?.real ?? resolved.configPath, text },
    'read as its user',
  );
}

/** Kept apart: what selects something, in words of the host. */
export function environmentOf({ sighting, looked }: LookedAt): Readonly<Record<string, string>> {
  if (!looked.known || !sighting.variables.known || !sighting.launch.known) return {};
  return effectiveTexts(sighting.variables.value, { resolved: looked.value.resolved, argv: sighting.launch.value.argv });
}
