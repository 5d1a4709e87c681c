/** A blueprint and layout for tests of pure code; nothing in it exists on a machine. */
import type { Blueprint, Layout } from '../../src/core/blueprint.ts';

export const SAMPLE_LAYOUT: Layout = {
  instance: 'bh',
  stateDir: '/var/lib/bulkhead',
  runDir: '/run/bulkhead/bh',
  tenantsDir: '/var/lib/bulkhead/tenants',
  install: { root: '/opt/oc', node: '/opt/oc/bin/node', openclaw: '/opt/oc/node_modules/openclaw/openclaw.mjs', version: '2026.9.6' },
};

export function sampleBlueprint(tenant: string, first = 20_000): Blueprint {
  const root = `${SAMPLE_LAYOUT.tenantsDir}/${tenant}`;
  return {
    tenant,
    host: 'local',
    rung: 'profile',
    rungDeclared: true,
    boundary: { owner: `${tenant}@example.test`, data: 'tickets', members: [] },
    trust: 'team',
    hostAdmins: [{ name: 'ops', how: 'root' }],
    policy: { preset: 'support', allow: [], alsoAllow: [], deny: [] },
    channels: [],
    models: [],
    apiClients: [],
    browser: false,
    limits: { memoryBytes: 2 ** 31, cpus: 2, pids: 512 },
    egress: 'open',
    allow: [],
    paths: {
      root,
      home: `${root}/home`,
      state: `${root}/state`,
      configDir: `${root}/config`,
      configFile: `${root}/config/openclaw.json`,
      workspace: `${root}/workspace`,
      tmp: `${root}/tmp`,
      logFile: `${root}/state/logs/openclaw.log`,
      compileCache: `${root}/tmp/compile-cache`,
      credentials: `${root}/state/credentials`,
      agentDir: `${root}/state/agents/main/agent`,
      browserData: `${root}/state/browser/openclaw/user-data`,
      secretsDir: `${SAMPLE_LAYOUT.stateDir}/secrets/${tenant}`,
    },
    serviceName: `bh-${tenant}`,
    ports: { first, last: first + 119 },
    publishedPort: first,
    gatewayPort: first,
    environment: { HOME: `${root}/home`, OPENCLAW_STATE_DIR: `${root}/state`, OPENCLAW_CONFIG_PATH: `${root}/config/openclaw.json` },
    config: { gateway: { port: first }, update: { checkOnStart: false }, agents: { defaults: { workspace: `${root}/workspace` } } },
    install: SAMPLE_LAYOUT.install,
  };
}
