/** Leaks by way of ports, networks and authentication. */
import { withNetwork } from '../../src/checks/testing/clean-facts.ts';
import type { Mutation } from './mutation.ts';

export const network: readonly Mutation[] = [
  {
    id: 'gateway.auth-none',
    disguise: 'auth mode none',
    facts: () => withNetwork({ authMode: { value: 'none', from: 'config:gateway.auth.mode' } }),
  },
];
