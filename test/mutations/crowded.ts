/** Seeding on a loopback that both tenants share. */
import { TENANTS } from '../../src/checks/testing/clean-facts.ts';
import { onOneLoopback } from '../../src/checks/testing/network-facts.ts';
import type { Mutation } from './mutation.ts';

/** What always goes with gateways that are put on one loopback. */
export const CROWDED = ['api.ratelimit-loopback'] as const;

/** A leak that needs one loopback; `patches` are configs by tenant. */
export function crowded(id: string, disguise: string, patches: Readonly<Record<string, object>>, also: readonly string[] = []): Mutation {
  // Objects of literals: their keys are config keys.
  const configs = patches as Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  return { id, disguise, also: [...CROWDED, ...also], facts: () => onOneLoopback(configs) };
}

/** A config for each tenant. */
export function both(config: (name: string) => object): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  return Object.fromEntries(TENANTS.map((name) => [name, config(name) as Readonly<Record<string, unknown>>]));
}
