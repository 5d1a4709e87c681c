/** Every seeded leak, by area, and what must be found clean. */
import { observedFacts } from '../../src/checks/testing/clean-facts.ts';
import { api } from './api.ts';
import { boundaries } from './boundaries.ts';
import { browser } from './browser.ts';
import { channels } from './channels.ts';
import { onTwoMachines } from '../../src/checks/testing/two-machines.ts';
import { declaredMachines } from './declared-machines.ts';
import { declaredHosts } from './declared-hosts.ts';
import { declared } from './declared.ts';
import { disks } from './disks.ts';
import { documents } from './documents.ts';
import { PRESET_NAMES } from '../../src/core/fleet.ts';
import { PRESETS } from '../../src/openclaw/presets/index.ts';
import { declaredFleet } from './declared-fleet.ts';
import type { Clean, Mutation } from './mutation.ts';
import { logs } from './logs.ts';
import { machines } from './machines.ts';
import { models } from './models.ts';
import { network } from './network.ts';
import { os } from './os.ts';
import { paths } from './paths.ts';
import { policy } from './policy.ts';
import { ports } from './ports.ts';
import { running } from './running.ts';
import { secrets } from './secrets.ts';
import { seededTrees } from './seeded-trees.ts';
import { trees } from './trees.ts';

export const MUTATIONS: readonly Mutation[] = [
  ...api,
  ...boundaries,
  ...browser,
  ...channels,
  ...disks,
  ...documents,
  ...logs,
  ...machines,
  ...models,
  ...network,
  ...os,
  ...paths,
  ...policy,
  ...ports,
  ...running,
  ...secrets,
  ...trees,
];

export const CLEAN: readonly Clean[] = [
  { title: 'two clean tenants', facts: () => observedFacts() },
  { title: 'two clean tenants in a manifest', facts: () => declared('browser: off', 'browser: off') },
  { title: 'two clean tenants of a manifest with hosts', facts: () => declaredHosts({}) },
  // A quarantine is told: src/checks/boundary/quarantined.ts.
  ...PRESET_NAMES.filter((policy) => policy !== 'quarantine').map((policy): Clean => {
    const browser = [`browser: ${PRESETS[policy].browser === 'needed' || PRESETS[policy].browser === 'possible' ? 'on' : 'off'}`];
    return { title: `two clean tenants with the policy ${policy}`, facts: () => declaredFleet({ policy, acme: browser, globex: browser }) };
  }),
  { title: 'two adversaries on machines of their own', facts: () => onTwoMachines({}, { trust: { default: 'adversarial', relations: [] } }) },
  { title: 'two adversaries of a manifest on machines of their own', facts: () => declaredMachines({}) },
  { title: 'two clean tenants on real trees', facts: () => seededTrees({}, {}) },
];
