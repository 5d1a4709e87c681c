/** Leaks by way of ports. */
import { wholeHost, observedFacts } from '../../src/checks/testing/clean-facts.ts';
import { acmeWith, onHost, onOneLoopback, settingsWith, withConfigs } from '../../src/checks/testing/network-facts.ts';
import { known, type Facts } from '../../src/core/facts.ts';
import { CROWDED, crowded } from './crowded.ts';
import { declaredFleet } from './declared-fleet.ts';
import type { Mutation } from './mutation.ts';

function bases(acme: number, globex: number): Readonly<Record<string, object>> {
  return { acme: { gateway: { port: acme } }, globex: { gateway: { port: globex } } };
}

/** Profile tenants of one team share these by design. */
const TEAM = ['api.ratelimit-loopback', 'os.shared-uid'] as const;
const TALK = 'config: { channels: { nextcloud-talk: { enabled: true, baseUrl: "https://cloud.example" } } }';

export const ports: readonly Mutation[] = [
  crowded('port.base-equal', 'equal ports', bases(20_000, 20_000)),
  {
    id: 'port.base-equal',
    disguise: 'one published port behind two loopbacks',
    also: ['boundary.shared-gateway'],
    facts: () => acmeWith({ ports: known({ first: 20_240, last: 20_359, published: 20_240, namespace: '12' }, 'test') }),
  },
  {
    id: 'port.base-equal',
    disguise: 'pinned in the manifest',
    also: [...TEAM, 'boundary.sessionkey-as-boundary', 'boundary.shared-gateway', 'boundary.shared-tool-agent'],
    facts: () => declaredFleet({ trust: 'team', acme: ['port: 20000'], globex: ['port: 20000'] }),
  },
  crowded('port.derived-overlap', 'the last port of one is the first of the other', bases(20_000, 20_110)),
  crowded('port.derived-overlap', 'falls back to the ports of the default gateway', bases(65_500, 18_789), ['port.cdp-clamp']),
  {
    id: 'port.derived-overlap',
    disguise: 'pinned in the manifest',
    also: TEAM,
    facts: () => declaredFleet({ trust: 'team', acme: ['port: 20000'], globex: ['port: 20050'] }),
  },
  crowded('port.spacing-tight', '119 apart', bases(20_000, 20_119)),
  {
    id: 'port.cdp-clamp',
    disguise: 'one above the highest sound port',
    facts: () => withConfigs({ acme: { gateway: { port: 65_426 } } }, { OPENCLAW_GATEWAY_PORT: '' }),
  },
  {
    id: 'port.cdp-clamp',
    disguise: 'by the environment, with an address',
    also: ['port.env-overrides-config'],
    facts: () => withConfigs({ acme: {} }, { OPENCLAW_GATEWAY_PORT: '127.0.0.1:65430' }),
  },
  {
    id: 'port.env-overrides-config',
    disguise: 'inherited from another gateway',
    facts: () => withConfigs({ acme: {} }, { OPENCLAW_GATEWAY_PORT: '19001' }),
  },
  {
    id: 'port.env-overrides-config',
    disguise: 'as an IPv6 address',
    facts: () => withConfigs({ acme: {} }, { OPENCLAW_GATEWAY_PORT: '[::1]:19001' }),
  },
  hashed('two names with one hash', 'client972', 'client1719', ['port.base-equal']),
  hashed('two names with overlapping blocks', 'umbrella', 'gamma', ['port.derived-overlap', 'port.ephemeral-range']),
  crowded('port.fixed-service', 'default webhook ports', { acme: webhook({}), globex: webhook({}) }, ['channel.webhook-path-collision']),
  crowded(
    'port.fixed-service',
    'a second account',
    {
      acme: webhook({}),
      globex: { channels: { telegram: { accounts: { b: { webhookUrl: 'https://b.example' } } } } },
    },
    ['channel.webhook-path-collision'],
  ),
  crowded(
    'port.fixed-service',
    'localhost and 127.0.0.1',
    {
      acme: webhook({ webhookHost: 'localhost' }),
      globex: webhook({ webhookHost: '127.0.0.1' }),
    },
    ['channel.webhook-path-collision'],
  ),
  crowded(
    'port.fixed-service',
    'one on every address',
    { acme: webhook({ webhookHost: '::', webhookPort: 9000 }), globex: webhook({ webhookPort: 9000 }) },
    ['channel.webhook-path-collision', 'net.bind-wide'],
  ),
  crowded('port.fixed-service', 'inside the block of another', { acme: webhook({ webhookPort: 20_300 }) }),
  {
    id: 'port.fixed-service',
    disguise: 'declared in the manifest',
    also: [...TEAM, 'channel.webhook-path-collision', 'net.bind-wide'],
    facts: () => declaredFleet({ trust: 'team', acme: [TALK], globex: [TALK] }),
  },
  {
    id: 'port.ephemeral-range',
    disguise: 'a published port',
    facts: () => onHost({ portRange: known({ first: 20_000, last: 60_999, reserved: [{ first: 20_240, last: 20_359 }] }, 'test') }),
  },
  {
    id: 'port.listener-owner',
    disguise: 'a squatter on the debugging port inside',
    facts: () => socket({ namespace: '12', address: '127.0.0.1', port: 18_800, uid: 1002, pids: [] }),
  },
  {
    id: 'port.listener-owner',
    disguise: 'on the loopback of IPv6',
    facts: () => socket({ namespace: '12', address: '::1', port: 18_789, uid: 1002, pids: [7] }),
  },
];

function webhook(change: object): object {
  return { channels: { telegram: { webhookUrl: 'https://a.example', ...change } } };
}

function socket(one: { namespace: string; address: string; port: number; uid: number; pids: number[] }): Facts {
  const { sockets } = wholeHost();
  return onHost({ sockets: known([...(sockets.known ? sockets.value : []), one], 'test') });
}

function hashed(disguise: string, acme: string, globex: string, also: readonly string[]): Mutation {
  const facts = (): Facts =>
    observedFacts({
      tenants: onOneLoopback({}).tenants.map((tenant) => {
        const environment = { OPENCLAW_GATEWAY_PORT: '', OPENCLAW_PROFILE: tenant.tenant === 'acme' ? acme : globex };
        return { ...tenant, settings: known(settingsWith({ gateway: { port: null } }, environment, tenant.tenant), 'test') };
      }),
    });
  return { id: 'port.profile-hash', disguise, also: [...CROWDED, ...also], facts };
}
