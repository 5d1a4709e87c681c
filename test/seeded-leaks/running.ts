/** Leaks of accounts, processes, ports and live configuration. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { testInstall } from '../support/requires.ts';
import type { Leak } from './leak.ts';
import { all, config, file, modes, part, program } from './plant.ts';
import type { Client, World } from './world.ts';

export const running: readonly Leak[] = [
  ...(['docker', 'disk'] as const).map((group): Leak => ({
    pain: `the account of a tenant in the group ${group}`,
    id: 'os.privileged-group',
    plant: (here) => inGroup(here, 'acme', group),
  })),
  {
    pain: 'one account in the group of the other',
    id: 'os.shared-group',
    also: ['fs.perms-cross'],
    plant: (here) => inGroup(here, 'acme', here.user('globex')),
  },
  {
    pain: 'one SSH key opens two accounts',
    id: 'os.login-shell-sharing',
    plant: async (here) => {
      const key = `ssh-ed25519 ${Buffer.from(`\0\0\0\x0bssh-ed25519\0\0\0 ${'k'.repeat(32)}`, 'latin1').toString('base64')} ops\n`;
      const undos = [];
      for (const tenant of ['acme', 'globex'] as const) {
        const directory = here.path(tenant, 'home/.ssh');
        await here.host('install', '-d', '-m', '0700', '-o', here.user(tenant), '-g', here.user(tenant), directory);
        undos.push(() => here.host('rm', '-r', directory), await file(join(directory, 'authorized_keys'), key));
      }
      return all(undos);
    },
  },
  {
    pain: 'a cron job of the operator without the tenant’s environment',
    id: 'os.linger-cron',
    lesser: true,
    plant: () => file(`/etc/cron.d/bulkhead-seeded-leak-${process.pid}`, '0 3 1 1 * root openclaw backup create\n', 0o644),
  },
  {
    pain: 'a gateway token in a command line',
    id: 'token.in-argv',
    plant: async (here) => {
      const token = readFileSync(join(here.path('acme'), '../../secrets/acme/gateway-token'), 'utf8').trim();
      return program(['sh', '-c', 'echo up; sleep 120; :', 'openclaw-tui', '--token', token]);
    },
  },
  {
    pain: 'a stopped tenant whose port somebody else answers on',
    id: 'port.listener-owner',
    alone: true,
    plant: async (here) => {
      await here.bulkhead('stop', 'globex');
      const { tenants } = JSON.parse((await here.bulkhead('status', '--json')).stdout) as { tenants: { tenant: string; port: number }[] };
      const port = tenants.find(({ tenant }) => tenant === 'globex')?.port ?? 0;
      const listen = `require('http').createServer((q, r) => r.end('{"ok":true}')).listen(${port}, '127.0.0.1', () => console.log('up'))`;
      const end = await program(['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', testInstall().node, '-e', listen]);
      return all([() => here.bulkhead('start', 'globex'), end]);
    },
  },
  {
    pain: 'an admin of the tenant switched elevated tools on',
    id: 'policy.elevated',
    also: ['policy.drift'],
    plant: (here) => config(here, 'acme', (live) => ({ ...live, tools: { ...part(live, 'tools'), elevated: { enabled: true } } })),
  },
  {
    pain: 'a config that is not the one that was rendered',
    id: 'policy.drift',
    also: ['policy.control-plane', 'policy.effective'],
    alone: true,
    plant: async (here) => {
      const undo = await config(here, 'acme', (live) => ({ ...live, tools: { ...part(live, 'tools'), deny: [] } }));
      return async () => {
        await undo();
        // Changes that follow each other closely were seen to leave the gateway with the first (openclaw 2026.9.6: “config reload superseded”).
        const before = await here.gateway('acme');
        await here.bulkhead('restart', 'acme');
        await here.startsAgain('acme', before);
      };
    },
  },
  {
    pain: 'skills loaded from the workspace of another',
    id: 'config.cross-reference',
    also: ['policy.drift', 'skills.shared-dir'],
    plant: (here) =>
      config(here, 'acme', (live) => ({ ...live, skills: { ...part(live, 'skills'), load: { extraDirs: [here.path('globex', 'workspace')] } } })),
  },
  {
    pain: 'an installation that a tenant may write',
    id: 'install.shared-writable',
    plant: (here) => modes(here, '0777', testInstall().root),
  },
];

async function inGroup(here: World, tenant: Client, group: string): Promise<() => Promise<unknown>> {
  await here.host('gpasswd', '-a', here.user(tenant), group);
  return () => here.host('gpasswd', '-d', here.user(tenant), group);
}
