/** Every seeded leak, by area, and what must be found clean. */
import { observedFacts } from '../../src/checks/testing/clean-facts.ts';
import { documents } from './documents.ts';
import type { Clean, Mutation } from './mutation.ts';
import { declared } from './declared.ts';
import { logs } from './logs.ts';
import { network } from './network.ts';
import { os } from './os.ts';
import { policy } from './policy.ts';

export const MUTATIONS: readonly Mutation[] = [...documents, ...logs, ...network, ...os, ...policy];

export const CLEAN: readonly Clean[] = [
  { title: 'two clean tenants', facts: () => observedFacts() },
  { title: 'two clean tenants of a manifest', facts: () => declared({}) },
];
