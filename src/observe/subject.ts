/** A tenant while it is looked at. */
import type { Blueprint, Layout } from '../core/blueprint.ts';
import { known, unknown, type Known } from '../core/facts.ts';
import type { BoundaryDetails, Host, Isolation } from '../core/host.ts';
import type { HostId } from '../core/words.ts';
import type { SeenVariables } from '../openclaw/credentials/environment.ts';
import type { Json } from '../openclaw/merge.ts';

/** `observed` is unknown when the rung could not look. */
export interface Subject {
  readonly blueprint: Blueprint;
  readonly layout: Layout;
  readonly host: Host;
  readonly isolation: Isolation;
  readonly observed: Known<unknown>;
  readonly details: BoundaryDetails;
  readonly signal: AbortSignal;
  readonly lens?: Lens;
}

/** From what a gateway says in its own words to what the host calls it: for one that is started or mounted in ways only its finder knows. */
export interface Lens {
  /** `seen`: of the running process; null when nothing runs. */
  variables(seen: SeenVariables | null): SeenVariables;
  config(seen: Readonly<Json>): Readonly<Json>;
}

/** What it takes to look at tenants. */
export interface SubjectInput {
  layoutOf(host: HostId): Layout;
  hostOf(host: HostId): Host;
  isolationOf(blueprint: Blueprint): Isolation;
  /** What the rung saw of a tenant, when somebody has looked already. */
  readonly observedOf?: (blueprint: Blueprint) => unknown;
  /** For gateways that were found. */
  readonly lensOf?: (blueprint: Blueprint) => Lens | undefined;
  readonly signal: AbortSignal;
}

export async function subjectOf(input: SubjectInput, blueprint: Blueprint): Promise<Subject> {
  const { signal } = input;
  const layout = input.layoutOf(blueprint.host);
  const host = input.hostOf(blueprint.host);
  const isolation = input.isolationOf(blueprint);
  const lens = input.lensOf?.(blueprint);
  const common = { blueprint, layout, host, isolation, signal, ...(lens === undefined ? {} : { lens }) };
  try {
    const observed = input.observedOf?.(blueprint) ?? (await isolation.observe(blueprint, layout, host, signal));
    return { ...common, observed: known(observed, 'the rung'), details: isolation.details(observed) };
  } catch (error) {
    return { ...common, observed: unknown(reason(error, signal)), details: {} };
  }
}

/** Words for a failed look. An abort is no fact: it is thrown on. */
export function reason(error: unknown, signal: AbortSignal): string {
  signal.throwIfAborted();
  return (error instanceof Error ? error.message : String(error)).slice(0, 400);
}
