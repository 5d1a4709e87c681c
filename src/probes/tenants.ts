/** One tenant of a run: its canaries put up and taken down, its programs entered into its boundary, and why it may not count. */
import { randomBytes, randomInt } from 'node:crypto';
import type { Blueprint, Layout } from '../core/blueprint.ts';
import type { Command, Program } from '../core/command.ts';
import type { Facts, ProcessFact } from '../core/facts.ts';
import type { BoundaryDetails, Host, Isolation } from '../core/host.ts';
import type { RanAs } from '../core/probe.ts';
import type { HostId, TenantId } from '../core/words.ts';
import { selfContainedProgram } from '../hosts/run-program.ts';
import { sibling } from '../hosts/self-contained.ts';
import type { Probe, Side } from './define.ts';
import type { Held, Released } from './holder.ts';
import { notInside } from './judge.ts';
import { readHeld, readReleased } from './lines.ts';
import { HOLD_MS, holderRequest, sideOf, type Marks } from './sides.ts';

/** What tenants are entered with. */
export interface Doors {
  layoutOf(host: HostId): Layout;
  readonly facts: Facts;
  hostOf(blueprint: Blueprint): Host;
  isolationOf(blueprint: Blueprint): Isolation;
  observedOf(blueprint: Blueprint): unknown;
  /** The tenant's own gateway token; undefined when it has none. Goes to its own probe program on stdin, nowhere else. */
  tokenOf(tenant: TenantId): string | undefined | Promise<string | undefined>;
  /** Whether the tenant's model is the scripted one. Default: a model provider called `scripted`. */
  scriptedOf?(blueprint: Blueprint): boolean;
}

export interface Tenant {
  readonly blueprint: Blueprint;
  /** Whom it attacks. */
  readonly victims: readonly Blueprint[];
  readonly marks: Marks;
  readonly token: string | undefined;
  /** Its model is the scripted one. */
  readonly scripted: boolean;
  readonly gateway: ProcessFact | undefined;
  held?: Held;
  released?: Released;
  holding?: Promise<void>;
  /** Ends a holder that did not hear its release. */
  readonly end: AbortController;
  /** Why its side of every pair is unknown. */
  problem?: string;
  /** Why it is not known whether its canaries are gone. What was found before stands. */
  uncleaned?: string;
  ranAs: Partial<Record<Probe['vantage'], RanAs>>;
}

export const CLEAN_UP_MS = 40_000;
/** A released holder ends at its next look, some 25 ms later, and once its gateway has deleted its session: DELETION_MS in attempts/session.ts. */
const HOLDER_ENDS_MS = 27_000;

export async function meet(doors: Doors, blueprint: Blueprint, victims: readonly Blueprint[]): Promise<Tenant> {
  const process = doors.facts.tenants.find(({ tenant }) => tenant === blueprint.tenant)?.process;
  const gateway = process?.known === true ? (process.value ?? undefined) : undefined;
  const marks = {
    nonce: randomBytes(16).toString('hex'),
    decoyNonce: randomBytes(16).toString('hex'),
    decoyUid: randomInt(2_000_000_000, 2_100_000_000),
  };
  const token = await doors.tokenOf(blueprint.tenant);
  const problem =
    gateway === undefined ? (process?.known === false ? `its gateway process is not known: ${process.why}` : 'its gateway does not run') : undefined;
  const end = new AbortController();
  const scripted = doors.scriptedOf?.(blueprint) ?? blueprint.models.some(({ provider }) => provider === 'scripted');
  return { blueprint, victims, marks, token, scripted, gateway, end, ranAs: {}, ...(problem === undefined ? {} : { problem }) };
}

/** Starts the holder and waits until it has planted everything, or has ended. */
export async function hold(doors: Doors, tenant: Tenant): Promise<void> {
  if (tenant.problem !== undefined) return;
  const request = holderRequest(tenant, 'hold');
  const command = enter(doors, tenant, {
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
    tenant.holding = doors
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

/** Tells the holder to end, waits for it, and removes what is left where it did not say how it found itself. */
export async function release(doors: Doors, tenant: Tenant, signal: AbortSignal): Promise<void> {
  if (tenant.holding === undefined) return;
  const host = doors.hostOf(tenant.blueprint);
  const request = holderRequest(tenant, 'release');
  try {
    if (tenant.released === undefined) {
      const title = `release the canaries of ${tenant.blueprint.tenant}`;
      // Not a program of ours: to start Node would take longer than all that the holder has left to do.
      const mark = open(doors, tenant, { title, argv: ['mkdir', '-m', '700', '--', request.releaseMark], timeoutMs: CLEAN_UP_MS });
      if (mark !== undefined) await host.run(mark, signal);
      await Promise.race([tenant.holding, aborted(AbortSignal.any([signal, AbortSignal.timeout(HOLDER_ENDS_MS)]))]);
    }
    if (tenant.released === undefined) {
      const title = `remove canaries from ${tenant.blueprint.tenant}`;
      const command = enter(doors, tenant, { title, program: 'holder', request, timeoutMs: CLEAN_UP_MS });
      if (command !== undefined) await host.run(command, signal);
    }
  } catch (error) {
    tenant.uncleaned = `its canaries may still be there: ${String(error)}`;
  } finally {
    tenant.end.abort();
    await tenant.holding;
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

interface Entering {
  readonly title: string;
  readonly program: string;
  readonly request: unknown;
  readonly timeoutMs: number;
  readonly vantage?: Probe['vantage'];
}

/** A program of ours as a command inside the boundary, or as the tenant's OS user. */
export function enter(doors: Doors, tenant: Tenant, { title, program, request, timeoutMs, vantage }: Entering): Command | undefined {
  const url = sibling(import.meta.url, program);
  const { node } = tenant.blueprint.install;
  return open(doors, tenant, selfContainedProgram({ program: url, request, node, title, timeoutMs, redact: true }), vantage);
}

/** A boundary that is not up becomes the tenant's problem. */
function open(doors: Doors, tenant: Tenant, program: Program, vantage?: Probe['vantage']): Command | undefined {
  const { blueprint } = tenant;
  const isolation = doors.isolationOf(blueprint);
  try {
    const door = vantage === 'user' ? isolation.asTenant : isolation.enter;
    return door.call(isolation, blueprint, doors.layoutOf(blueprint.host), doors.observedOf(blueprint), program);
  } catch (error) {
    tenant.problem ??= `its boundary cannot be entered: ${error instanceof Error ? error.message : String(error)}`;
    return undefined;
  }
}

export function sideFor(doors: Doors, { blueprint, marks, gateway, held, token, scripted }: Tenant): Side {
  const { addresses } = doors.facts.hosts.find(({ host }) => host === blueprint.host) ?? {};
  return sideOf({
    blueprint,
    layout: doors.layoutOf(blueprint.host),
    marks,
    details: detailsOf(doors, blueprint),
    gateway,
    held,
    scripted,
    hasToken: token !== undefined,
    ...(addresses?.known === true ? { addresses: addresses.value } : {}),
  });
}

/** Of one that could not be looked at nothing is known; that it is unknown is its `problem`. */
function detailsOf(doors: Doors, blueprint: Blueprint): BoundaryDetails {
  let seen: unknown;
  try {
    seen = doors.observedOf(blueprint);
  } catch {
    return {};
  }
  return doors.isolationOf(blueprint).details(seen);
}

/** Why nothing that this tenant did from there can count. */
export function disqualified({ ranAs, gateway, blueprint, problem }: Tenant, vantage: Probe['vantage']): string | undefined {
  if (gateway === undefined || problem !== undefined) return problem ?? 'its gateway does not run';
  if (vantage === 'inside') return notInside(ranAs.inside, gateway, blueprint.paths.configFile);
  if (ranAs.user === undefined) return 'the probe did not say where it ran';
  return ranAs.user.uid === gateway.uid && ranAs.user.gid === gateway.gid
    ? undefined
    : `it ran as ${ranAs.user.uid}:${ranAs.user.gid}, not as the gateway’s user`;
}

export function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.slice(0, 200) || 'it said nothing';
}
