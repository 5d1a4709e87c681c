/** Ports a gateway takes beside its own. Source: openclaw 2026.9.6 docs/gateway/multiple-gateways.md, dist config resolution of `browser`. */
import type { PortBlock } from '../core/blueprint.ts';
import { hostOf } from '../core/endpoint.ts';
import type { Settings } from '../core/settings.ts';

/** Bases of two gateways are kept this far apart; OpenClaw's own advice. */
export const BLOCK_SIZE = 120;

/** Port of every gateway that has a loopback of its own: OpenClaw's default. */
export const INSIDE_PORT = 18789;

/** Above this base the browser debugging ports silently fall back to 18800-18899, those of the default gateway. */
export const HIGHEST_SOUND_BASE = 65425;

/** Debugging ports of a gateway whose own would lie above 65535: those of the default gateway. */
const FALLBACK_DEBUGGING: PortBlock = { first: 18_800, last: 18_899 };

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

/**
 * Port of a gateway that is given a profile's name and no port: FNV-1a of the name, in 20000-59999. Undefined for no profile and for `default`.
 * Two names may meet: `client972` and `client1719` both give 20364.
 */
export function profilePort(profile: string): number | undefined {
  if (!/^[a-z0-9][a-z0-9_-]{0,63}$/i.test(profile) || profile.toLowerCase() === 'default') return undefined;
  let hash = 0x811c9dc5;
  for (const character of profile) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193) >>> 0;
  return 20_000 + (hash % 40_000);
}

/** Ports that a gateway takes or may take, by what they are for. `address`: `loopback`, `any`, or one of the host's. */
export interface TakenPorts extends PortBlock {
  readonly kind: 'block' | 'fallback' | 'debugging' | 'service';
  readonly label: string;
  readonly address: string;
}

/** Everything that a gateway with these settings may listen on in its network namespace. */
export function takenPorts({ network, browser }: Pick<Settings, 'network' | 'browser'>): readonly TakenPorts[] {
  const base = network.port.value;
  const address = network.bind.value === 'loopback' ? 'loopback' : 'any';
  const { gateway, relays, debugging } = derivedPorts(base);
  const blocks: TakenPorts[] =
    base <= HIGHEST_SOUND_BASE
      ? [{ kind: 'block', label: 'gateway and its derived ports', address, first: gateway, last: debugging.last }]
      : [
          { kind: 'block', label: 'gateway and its derived ports', address, first: gateway, last: Math.min(relays.last, 65_535) },
          { kind: 'fallback', label: 'browser debugging, for want of higher ports', address: 'loopback', ...FALLBACK_DEBUGGING },
        ];
  const pinned = browser.debuggingPorts.map(({ value, from }): TakenPorts => ({
    kind: 'debugging',
    label: from,
    address: 'loopback',
    first: value,
    last: value,
  }));
  const services = network.services.map(({ label, address: bound, port }): TakenPorts => ({
    kind: 'service',
    label,
    address: hostOf(bound),
    first: port,
    last: port,
  }));
  return [...blocks, ...pinned, ...services];
}
