/** A blueprint and a layout for this folder's tests. */
import type { Blueprint, Install, Layout } from '../../core/blueprint.ts';
import type { OsUserObserved } from './observer.ts';

export function sampleLayout(instance: string, stateDir: string, install: Install): Layout {
  return { instance, stateDir, runDir: `/run/bulkhead/${instance}`, tenantsDir: `${stateDir}/tenants`, install };
}

export function sampleBlueprint(tenant: string, first: number, layout: Layout): Blueprint {
  const root = `${layout.tenantsDir}/${tenant}`;
  const name = `${layout.instance}-${tenant}`;
  const { install } = layout;
  const state = `${root}/state`;
  return {
    tenant,
    host: 'local',
    rung: 'os-user',
    rungDeclared: true,
    trust: 'clients',
    hostAdmins: [],
    channels: [],
    models: [],
    apiClients: [],
    boundary: { owner: 'o', data: 'd', members: [] },
    policy: { preset: 'support', allow: [], alsoAllow: [], deny: [] },
    browser: false,
    limits: { memoryBytes: 1 << 30, cpus: 1.5, pids: 256 },
    egress: 'none',
    allow: [],
    paths: {
      root,
      state,
      home: `${root}/home`,
      configDir: `${root}/config`,
      configFile: `${root}/config/openclaw.json`,
      workspace: `${root}/workspace`,
      tmp: `${root}/tmp`,
      logFile: `${state}/logs/openclaw.log`,
      compileCache: `${root}/tmp/compile-cache`,
      credentials: `${state}/credentials`,
      agentDir: `${state}/agents/main/agent`,
      browserData: `${state}/browser/openclaw/user-data`,
      secretsDir: `${layout.stateDir}/secrets/${tenant}`,
    },
    serviceName: name,
    user: { name, namespace: name, link: name },
    ports: { first, last: first + 119 },
    publishedPort: first,
    gatewayPort: 18_789,
    environment: {
      HOME: `${root}/home`,
      USER: name,
      LOGNAME: name,
      SHELL: '/bin/sh',
      LANG: 'C.UTF-8',
      PATH: `${install.root}/bin:/usr/bin:/bin`,
      TMPDIR: `${root}/tmp`,
      OPENCLAW_HOME: `${root}/home`,
      OPENCLAW_STATE_DIR: state,
      OPENCLAW_CONFIG_PATH: `${root}/config/openclaw.json`,
      OPENCLAW_GATEWAY_PORT: '18789',
      OPENCLAW_DISABLE_BONJOUR: '1',
      OPENCLAW_NO_AUTO_UPDATE: '1',
      OPENCLAW_OFFLINE: '1',
      OPENCLAW_NO_RESPAWN: '1',
    },
    config: {},
    install,
  };
}

/** A host on which nothing of the tenant exists yet. */
export const NOTHING_YET: OsUserObserved = {
  arch: 'x64',
  systemd: false,
  ipv6: true,
  cgroups: 1,
  swapLimit: false,
  user: null,
  uid: 12_001,
  subordinates: { own: null, free: 0x7000_0000, clash: null },
  sandboxImage: null,
  entries: {},
  files: {},
  limits: {},
  disk: { image: null, mount: null, empty: false, growsInUse: true },
  namespace: 'missing',
  link: null,
  inside: null,
  sysctl: {},
  uplinks: [{ name: 'eth0', forwarding: '0' }],
  uplinkNotes: {},
  neighbours: ['192.0.2.0/24', '10.0.0.0/24'],
  resolvers: ['10.9.9.53'],
  firewall: { listing: null, tenants: [] },
  boundary: null,
};
