/** Leaks by way of ports, networks and authentication. */
import { withConfig } from '../../src/checks/testing/clean-facts.ts';
import type { Mutation } from './mutation.ts';

export const network: readonly Mutation[] = [
  { id: 'gateway.auth-none', disguise: 'auth mode none', facts: () => withConfig({ gateway: { auth: { mode: 'none' } } }) },
];
