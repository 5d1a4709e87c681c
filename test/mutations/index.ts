/** Every seeded leak, by area, and what must be found clean. */
import { observedFacts } from '../../src/checks/testing/clean-facts.ts';
import { channels } from './channels.ts';
import { declared } from './declared.ts';
import { documents } from './documents.ts';
import type { Clean, Mutation } from './mutation.ts';
import { models } from './models.ts';
import { network } from './network.ts';
import { policy } from './policy.ts';
import { secrets } from './secrets.ts';
import { seededTrees } from './seeded-trees.ts';

export const MUTATIONS: readonly Mutation[] = [...channels, ...documents, ...models, ...network, ...policy, ...secrets];

export const CLEAN: readonly Clean[] = [
  { title: 'two clean tenants', facts: () => observedFacts() },
  { title: 'two clean tenants in a manifest', facts: () => declared('browser: off', 'browser: off') },
  { title: 'two clean tenants on real trees', facts: () => seededTrees({}, {}) },
];
