import assert from 'node:assert/strict';
import { test } from 'node:test';
import { known, unknown } from '../core/facts.ts';
import type { Room } from '../core/place.ts';
import { placeText, type PlacedTenant } from './place-text.ts';

const GIB = 2 ** 30;
const gib = (memory: number, disk = 50): Room => ({ memoryBytes: memory * GIB, diskBytes: disk * GIB });
const one = (tenant: string, change: Partial<PlacedTenant>): PlacedTenant => ({
  tenant,
  from: 'edge-1',
  to: 'edge-1',
  action: 'stay',
  why: 'it fits',
  rung: 'os-user',
  trust: 'clients',
  needBytes: 2 * GIB,
  diskBytes: 0,
  ...change,
});

test('a proposal names each move, each tenant without a place, each host that could not be asked, and what to write', () => {
  const tenants = [
    one('acme', {}),
    one('globex', {
      to: 'edge-2',
      action: 'move',
      why: 'edge-1: acme is there, an adversary; edge-2 is its alone',
      rung: 'host',
      trust: 'adversarial',
    }),
    { ...one('initech', { action: 'nowhere', why: 'no host can take it (edge-2: 1 GiB of memory are free, 2 GiB are needed)' }), to: undefined },
  ].map(({ to, ...rest }) => (to === undefined ? rest : { ...rest, to }));
  const hosts = [
    { host: 'edge-1', room: known(gib(8), 'test'), tenants: ['acme'], free: gib(6) },
    { host: 'edge-2', room: known(gib(3), 'test'), tenants: ['globex'], free: gib(1) },
    { host: 'edge-3', room: unknown('connection refused'), tenants: [] },
  ];
  assert.equal(
    placeText(tenants, hosts, { color: false, width: 100 }),
    `tenant   rung     trust        needs  host    proposed
acme     os-user  clients      2 GiB  edge-1  stays
globex   host     adversarial  2 GiB  edge-1  edge-2
initech  os-user  clients      2 GiB  edge-1  nowhere
  globex: edge-1: acme is there, an adversary; edge-2 is its alone
  initech: no host can take it (edge-2: 1 GiB of memory are free, 2 GiB are needed)

host    room     left   tenants
edge-1  8 GiB    6 GiB  1
edge-2  3 GiB    1 GiB  1
edge-3  unknown  -      0
  edge-3: connection refused

1 tenant cannot be placed: add a host under hosts, or lower limits.memory.
Nothing was moved. To follow the proposal, write into the manifest:
  globex: { host: edge-2 }
State stays where it is: back a built tenant up first, remove it on its old host, and apply.
`,
  );
});

test('where nothing is proposed it says so', () => {
  const hosts = [{ host: 'edge-1', room: known(gib(8), 'test'), tenants: ['acme'], free: gib(6) }];
  assert.match(
    placeText([one('acme', {})], hosts, { color: false, width: 100 }),
    /\n\nNothing is proposed: every tenant can stay where the manifest has it\.\n$/,
  );
});

test('where somebody has a disk, disks are told beside memory', () => {
  const hosts = [{ host: 'edge-1', room: known(gib(8), 'test'), tenants: ['acme', 'globex'], free: gib(4, 40) }];
  assert.equal(
    placeText([one('acme', { diskBytes: 10 * GIB }), one('globex', {})], hosts, { color: false, width: 100 }),
    `tenant  rung     trust    needs  disk    host    proposed
acme    os-user  clients  2 GiB  10 GiB  edge-1  stays
globex  os-user  clients  2 GiB  -       edge-1  stays

host    room   left   disk    left    tenants
edge-1  8 GiB  4 GiB  50 GiB  40 GiB  2

Nothing is proposed: every tenant can stay where the manifest has it.
`,
  );
});
