/** A tenant while it is looked at. */
import type { Blueprint, Layout } from '../core/blueprint.ts';
import type { Known } from '../core/facts.ts';
import type { BoundaryDetails, Host, Isolation } from '../core/host.ts';

/** `observed` is unknown when the rung could not look. */
export interface Subject {
  readonly blueprint: Blueprint;
  readonly layout: Layout;
  readonly host: Host;
  readonly isolation: Isolation;
  readonly observed: Known<unknown>;
  readonly details: BoundaryDetails;
  readonly signal: AbortSignal;
}

/** Words for a failed look. An abort is no fact: it is thrown on. */
export function reason(error: unknown, signal: AbortSignal): string {
  signal.throwIfAborted();
  return (error instanceof Error ? error.message : String(error)).slice(0, 400);
}
