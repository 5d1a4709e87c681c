/** The quick look of `status`: for each gateway, is the listener its own, and what does it say of itself. */
import type { Blueprint, Layout } from '../core/blueprint.ts';
import { known, unknown, type Known, type ProcessFact } from '../core/facts.ts';
import type { Host, Isolation } from '../core/host.ts';
import type { TenantId } from '../core/words.ts';
import { collectHost, type HostView } from './collect-host.ts';
import { collectStatus } from './collect-status.ts';
import { mayHoldToken, type Hello } from './live.ts';
import { reason, type Subject } from './subject.ts';

export interface ObserveGateways {
  readonly blueprints: readonly Blueprint[];
  readonly layout: Layout;
  /** All tenants are on it. */
  readonly host: Host;
  isolationOf(blueprint: Blueprint): Isolation;
  readonly signal: AbortSignal;
}

export type GatewayView =
  | { readonly ok: true; readonly version: string; readonly pid: number; readonly latencyMs: number }
  | { readonly ok: false; readonly why: string };

/** A tenant, and whether its rung could look for it. */
interface Looked {
  readonly subject: Subject;
  readonly located: Known<true>;
}

/** One look at the host for all of them: the number of commands does not grow with the tenants. */
export async function observeGateways(input: ObserveGateways): Promise<ReadonlyMap<TenantId, GatewayView>> {
  const looked = await locateEach(input);
  const located = looked.flatMap(({ subject, located: found }) => (found.known ? [subject] : []));
  const { host, hellos } = await collectStatus(
    looked.map(({ subject }) => subject),
    located,
  );
  return new Map(looked.map((one) => [one.subject.blueprint.tenant, viewOf(gateOf(one, host), hellos.get(one.subject.blueprint.tenant))]));
}

/** The process behind a gateway, and whether its listener is its own, so that its token may be sent there. */
export interface GatewayHold {
  readonly process: Known<ProcessFact | null>;
  readonly mayHoldToken: Known<true>;
}

/** As `observeGateways`, without asking the gateways anything. Answers for each tenant; of one that was not among them nothing is known. */
export async function observeHolds(input: ObserveGateways): Promise<(tenant: TenantId) => GatewayHold> {
  const looked = await locateEach(input);
  const host = await collectHost(
    looked.map(({ subject }) => subject),
    new Map(),
  );
  const holdOf = ({ subject, located }: Looked): GatewayHold => {
    const seen = host.known ? host.value.tenants[subject.blueprint.tenant] : undefined;
    if (!located.known) return { process: located, mayHoldToken: located };
    if (seen === undefined) {
      const why = unknown(host.known ? 'the host said nothing about it' : host.why);
      return { process: why, mayHoldToken: why };
    }
    return { process: seen.process, mayHoldToken: mayHoldToken(subject, seen.process, seen.listener) };
  };
  const holds = new Map(looked.map((one) => [one.subject.blueprint.tenant, holdOf(one)]));
  const none = unknown('it was not looked at');
  return (tenant) => holds.get(tenant) ?? { process: none, mayHoldToken: none };
}

async function locateEach(input: ObserveGateways): Promise<readonly Looked[]> {
  const rungs = Map.groupBy(input.blueprints, ({ rung }) => rung);
  return (await Promise.all([...rungs.values()].map((same) => locateAll(input, same)))).flat();
}

/** Pid of its process, once its token may be sent to its listener. */
function gateOf({ subject, located }: Looked, host: Known<HostView>): Known<number> {
  if (!located.known) return located;
  const seen = host.known ? host.value.tenants[subject.blueprint.tenant] : undefined;
  if (seen === undefined) return unknown(host.known ? 'the host said nothing about it' : host.why);
  const gate = mayHoldToken(subject, seen.process, seen.listener);
  return gate.known ? known(seen.process.known ? (seen.process.value?.pid ?? 0) : 0, gate.source) : gate;
}

function viewOf(gate: Known<number>, hello: Known<Hello> = unknown('it was not asked')): GatewayView {
  if (!gate.known) return { ok: false, why: gate.why };
  if (!hello.known) return { ok: false, why: hello.why };
  return { ok: true, version: hello.value.claim.version, pid: gate.value, latencyMs: hello.value.claim.latencyMs };
}

/** Tenants of one rung: by its quick look where it has one. */
async function locateAll(input: ObserveGateways, blueprints: readonly Blueprint[]): Promise<readonly Looked[]> {
  const { layout, host, isolationOf, signal } = input;
  const subjects = blueprints.map((blueprint): Subject => {
    return { blueprint, layout, host, isolation: isolationOf(blueprint), observed: unknown('only located'), details: {}, signal };
  });
  const locate = subjects[0]?.isolation.locate;
  if (locate === undefined) return await Promise.all(subjects.map(observeOne));
  // What runs in gVisor is told inside only, and a program is not sent there by a quick look.
  const [within, plain] = [
    subjects.filter(({ blueprint }) => blueprint.runtime !== undefined),
    subjects.filter(({ blueprint }) => blueprint.runtime === undefined),
  ];
  return [...(await Promise.all(within.map(observeOne))), ...(plain.length === 0 ? [] : await locateThose(plain, locate, host, signal))];
}

async function locateThose(
  subjects: readonly Subject[],
  locate: NonNullable<Isolation['locate']>,
  host: Host,
  signal: AbortSignal,
): Promise<readonly Looked[]> {
  try {
    const details = await locate(
      subjects.map(({ blueprint }) => blueprint),
      host,
      signal,
    );
    return subjects.map((subject) => ({
      subject: { ...subject, details: details.get(subject.blueprint.tenant) ?? {} },
      located: known(true, 'the rung'),
    }));
  } catch (error) {
    return subjects.map((subject) => ({ subject, located: unknown(reason(error, signal)) }));
  }
}

async function observeOne(subject: Subject): Promise<Looked> {
  const { blueprint, layout, host, isolation, signal } = subject;
  try {
    const value = await isolation.observe(blueprint, layout, host, signal);
    return { subject: { ...subject, observed: known(value, 'the rung'), details: isolation.details(value) }, located: known(true, 'the rung') };
  } catch (error) {
    return { subject, located: unknown(reason(error, signal)) };
  }
}
