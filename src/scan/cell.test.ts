import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cellIsolation, inside, seenFrom, type Cell } from './cell.ts';

const cell = (name: string, more: Cell['mounts'] = []): Cell => ({
  engine: 'docker',
  id: name,
  mounts: [{ source: `/srv/cells/${name}`, target: '/home/node/.openclaw', writable: true }, ...more],
  node: '/usr/bin/node',
  openclaw: '/app/openclaw.mjs',
  pid: 7,
  uid: 1000,
  gid: 1000,
});
const side = {
  root: '/home/node/.openclaw',
  state: '/home/node/.openclaw',
  workspace: '/home/node/.openclaw/workspace',
  credentials: '/home/node/.openclaw/credentials',
  logFile: '/tmp/openclaw/today.log',
  logDir: '/tmp/openclaw',
  configDir: '/home/node/.openclaw',
  canaries: { state: '/home/node/.openclaw/.canary', log: '/tmp/openclaw/.canary' },
};

test('a path of the host is what its nearest mount calls it, and one that is mounted nowhere keeps its name', () => {
  const { mounts } = cell('acme', [{ source: '/srv/cells/acme/workspace', target: '/mnt/notes', writable: true }]);
  assert.equal(inside('/srv/cells/acme', mounts), '/home/node/.openclaw');
  assert.equal(inside('/srv/cells/acme/workspace/notes', mounts), '/mnt/notes/notes');
  assert.equal(inside('/srv/cells/acme-2', mounts), '/srv/cells/acme-2');
  assert.equal(inside('/container:openclaw-cell-acme/tmp/x', mounts), '/tmp/x');
  assert.equal(inside('/etc', [{ source: '/', target: '/host', writable: false }]), '/host/etc');
});

test('a victim is looked for where its data is mounted in the attacker, else under its name on the host', () => {
  const closed = seenFrom(cell('acme'), cell('globex'), side);
  assert.equal(closed.canaries['state'], '/srv/cells/globex/.canary');
  assert.equal(closed.canaries['log'], '/tmp/openclaw/.canary', 'what lies in its container has one name only');
  const open = seenFrom(cell('acme', [{ source: '/srv/cells/globex', target: '/mnt/globex', writable: true }]), cell('globex'), side);
  assert.deepEqual([open.canaries['state'], open.workspace], ['/mnt/globex/.canary', '/mnt/globex/workspace']);
  const above = seenFrom(cell('acme', [{ source: '/srv', target: '/all', writable: true }]), cell('globex'), side);
  assert.equal(above.state, '/all/cells/globex');
});

test('it is entered by its engine, told what selects its config, and never as its user outside of it', () => {
  const isolation = cellIsolation(cell('acme'), 'container');
  const blueprint = { tenant: 'acme', paths: { configFile: '/c/openclaw.json', state: '/c' } } as Parameters<typeof isolation.enter>[0]; // what is looked at
  const layout = {} as Parameters<typeof isolation.enter>[1]; // not looked at
  const command = isolation.enter(blueprint, layout, cell('acme'), { title: 'look', argv: ['node', '-'], stdin: 'x', env: { A: 'b' } });
  const variables = ['--env', 'OPENCLAW_CONFIG_PATH=/c/openclaw.json', '--env', 'OPENCLAW_STATE_DIR=/c', '--env', 'A=b'];
  assert.deepEqual(command.argv, ['docker', 'exec', '--interactive', ...variables, 'acme', 'node', '-']);
  assert.equal(command.stdin, 'x');
  assert.throws(() => isolation.asTenant(blueprint, layout, cell('acme'), { title: 'look', argv: ['id'] }), /was not built by Bulkhead/);
});
