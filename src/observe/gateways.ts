/** The quick look of `status`: for each gateway, is the listener its own, and what does it say of itself. */
import type { Blueprint, Layout } from '../core/blueprint.ts';
import { known, unknown, type Known } from '../core/facts.ts';
import type { Host, Isolation } from '../core/host.ts';
import type { TenantId } from '../core/words.ts';
import { collectHost } from './collect-host.ts';
import { askGateway, mayHoldToken } from './live.ts';
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

/** One look at the host for all of them, then one WebSocket each, side by side. */
export async function observeGateways(input: ObserveGateways): Promise<ReadonlyMap<TenantId, GatewayView>> {
  const subjects = await Promise.all(input.blueprints.map((blueprint) => subjectOf(input, blueprint)));
  const host = await collectHost(subjects, new Map());
  const views = subjects.map(async (subject): Promise<[TenantId, GatewayView]> => {
    const { tenant } = subject.blueprint;
    const seen = host.known ? host.value.tenants[tenant] : undefined;
    if (seen === undefined) return [tenant, { ok: false, why: host.known ? 'the host said nothing about it' : host.why }];
    const gate = mayHoldToken(subject, seen.process, seen.listener);
    const hello = gate.known ? await askGateway(subject) : gate;
    if (!hello.known) return [tenant, { ok: false, why: hello.why }];
    const pid = seen.process.known ? (seen.process.value?.pid ?? 0) : 0;
    return [tenant, { ok: true, version: hello.value.claim.version, pid, latencyMs: hello.value.claim.latencyMs }];
  });
  return new Map(await Promise.all(views));
}

async function subjectOf({ layout, host, isolationOf, signal }: ObserveGateways, blueprint: Blueprint): Promise<Subject> {
  const isolation = isolationOf(blueprint);
  const subject = { blueprint, layout, host, isolation, signal };
  try {
    const value = await isolation.observe(blueprint, layout, host, signal);
    const observed: Known<unknown> = known(value, 'the rung');
    return { ...subject, observed, details: isolation.details(value) };
  } catch (error) {
    return { ...subject, observed: unknown(reason(error, signal)), details: {} };
  }
}
