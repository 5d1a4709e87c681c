/** Leaks that somebody wrote into the live config of tenants, or into what their gateways keep. */
import { join } from 'node:path';
import type { Leak } from './leak.ts';
import { all, config, part, row } from './plant.ts';
import { TENANTS, type World } from './world.ts';

type Config = Record<string, unknown>;

/** Both tenants have the same in their config. The config is then no longer the rendered one. */
const inBoth = (here: World, change: (config: Config) => Config): Promise<() => Promise<unknown>> =>
  Promise.all(TENANTS.map((tenant) => config(here, tenant, change))).then(all);

export const settings: readonly Leak[] = [
  {
    pain: 'one log file for two gateways',
    id: 'log.file-shared',
    also: ['policy.drift'],
    plant: (here) => inBoth(here, (live) => ({ ...live, logging: { ...part(live, 'logging'), file: '/var/log/openclaw/gateway.log' } })),
  },
  {
    pain: 'one Chrome for two tenants, attached to at its address',
    id: 'browser.cdpurl-shared',
    also: ['policy.drift'],
    plant: (here) =>
      inBoth(here, (live) => ({
        ...live,
        browser: { ...part(live, 'browser'), profiles: { team: { cdpUrl: 'http://10.213.0.1:18800', attachOnly: true, color: '#0066CC' } } },
      })),
  },
  {
    pain: 'a gateway that takes the word of its loopback for who is calling',
    id: 'proxy.shared-loopback-trust',
    also: ['policy.drift'],
    plant: (here) => config(here, 'acme', (live) => ({ ...live, gateway: { ...part(live, 'gateway'), trustedProxies: ['127.0.0.1'] } })),
  },
  {
    pain: 'sandboxes of two tenants under one name',
    id: 'container.sandbox-prefix',
    also: ['policy.drift', 'policy.sandbox-unreachable', 'policy.exec-past-sandbox'],
    plant: (here) =>
      inBoth(here, (live) => ({
        ...live,
        agents: { defaults: { ...part(part(live, 'agents'), 'defaults'), sandbox: { mode: 'all', scope: 'shared' } } },
      })),
  },
  {
    pain: 'one tool server for two tenants',
    id: 'mcp.server-shared',
    also: ['policy.drift'],
    plant: (here) => inBoth(here, (live) => ({ ...live, mcp: { servers: { crm: { url: 'https://crm.example.test/mcp' } } } })),
  },
  {
    pain: 'plugins of two tenants from one directory that both may write',
    id: 'plugin.cache-shared',
    also: ['policy.drift', 'policy.plugins-open'],
    plant: async (here) => {
      const directory = join(here.stateDir, 'plugins');
      await here.host('install', '-d', '-m', '0777', directory);
      const undo = await inBoth(here, (live) => ({ ...live, plugins: { ...part(live, 'plugins'), load: { paths: [directory] } } }));
      return all([() => here.host('rm', '-r', directory), undo]);
    },
  },
  {
    pain: 'one subscription of a model provider for two clients',
    id: 'model.oauth-account-shared',
    plant: async (here) => {
      const login = (tenant: string): string =>
        JSON.stringify({
          version: 1,
          profiles: {
            'openai-codex:default': { type: 'oauth', provider: 'openai-codex', access: `access-${tenant}`, email: 'billing@agency.example' },
          },
        });
      const rows = TENANTS.map((tenant) =>
        row(here.path(tenant, 'state/state/openclaw.sqlite'), 'config_machine_state', {
          state_key: 'authProfiles.store',
          value_json: login(tenant),
          updated_at_ms: Date.now(),
        }),
      );
      return all(await Promise.all(rows));
    },
  },
];
