/** `bulkhead place` over hosts that are reached by SSH: one that answers, one that does not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { trial } from '../support/bulkhead.ts';
import { requires } from '../support/requires.ts';
import { SSHD_PROGRAMS, startSshd } from '../support/sshd.ts';

const skip = requires({ root: true, linux: true, programs: SSHD_PROGRAMS });

test(
  'who is to be alone is proposed a machine that answered over SSH; one that did not answer gets nobody and is told',
  { skip, timeout: 120_000 },
  async () => {
    const sshd = await startSshd();
    const here = trial();
    try {
      here.write(
        'bulkhead.yaml',
        `fleet: three
trust: clients
hosts:
  local: { admins: [{ name: ops, how: root }] }
  edge-1: { ssh: edge, admins: [{ name: olga, how: root }] }
  edge-2: { ssh: closed, admins: [{ name: ivan, how: root }] }
tenants:
  acme: { boundary: { owner: o, data: d, members: [m] }, policy: support, limits: { memory: 1GiB } }
  globex: { boundary: { owner: o, data: d, members: [n] }, policy: support, isolation: host, limits: { memory: 1GiB } }
  initech: { boundary: { owner: o, data: d, members: [p] }, policy: support, host: edge-2 }
`,
      );
      const place = (...flags: readonly string[]) =>
        here.host('env', `BULKHEAD_SSH_CONFIG=${sshd.config}`, here.launcher, 'place', '-f', `${here.folder}/bulkhead.yaml`, ...flags);
      const { exit, stdout, stderr } = await place('--json');
      assert.equal(exit, 3, stdout + stderr);
      const { tenants, hosts } = JSON.parse(stdout) as {
        tenants: { tenant: string; action: string; proposed?: string }[];
        hosts: { host: string; roomBytes?: number; why?: string }[];
      };
      assert.deepEqual(
        tenants.map(({ tenant, action, proposed }) => [tenant, action, proposed]),
        [
          ['acme', 'stay', 'local'],
          ['globex', 'move', 'edge-1'],
          ['initech', 'unknown', undefined],
        ],
      );
      assert.ok((hosts.find(({ host }) => host === 'edge-1')?.roomBytes ?? 0) > 0);
      assert.match(hosts.find(({ host }) => host === 'edge-2')?.why ?? '', /edge-2/);
      assert.match((await place()).stdout, /globex: \{ host: edge-1 \}/);
    } finally {
      await here.end([]);
      await sshd.end();
    }
  },
);
