/** Ports a gateway takes beside its own. Source: openclaw 2026.9.6 docs/gateway/multiple-gateways.md, dist config resolution of `browser`. */
import type { PortBlock } from '../core/blueprint.ts';

/** Bases of two gateways are kept this far apart; OpenClaw's own advice. */
export const BLOCK_SIZE = 120;

/** Port of every gateway that has a loopback of its own: OpenClaw's default. */
export const INSIDE_PORT = 18789;

/** Above this base the browser debugging ports silently fall back to 18800-18899, those of the default gateway. */
export const HIGHEST_SOUND_BASE = 65425;

/** The highest base whose whole block exists. */
export const HIGHEST_BASE = Math.min(HIGHEST_SOUND_BASE, 65535 - BLOCK_SIZE + 1);

export interface DerivedPorts {
  readonly gateway: number;
  /** Browser control; listens only with OPENCLAW_EAGER_BROWSER_CONTROL_SERVER=1. */
  readonly browserControl: number;
  /** Extension relays, taken downward from the last one. */
  readonly relays: PortBlock;
  /** Chrome debugging ports, without any authentication; the managed profile takes the first. */
  readonly debugging: PortBlock;
}

export function derivedPorts(base: number): DerivedPorts {
  return {
    gateway: base,
    browserControl: base + 2,
    relays: { first: base + 3, last: base + 10 },
    debugging: { first: base + 11, last: base + 110 },
  };
}

/** The block that a gateway on `base` leases whole. */
export function blockOf(base: number): PortBlock {
  return { first: base, last: base + BLOCK_SIZE - 1 };
}
