import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { localHost } from '../../hosts/local.ts';
import { requires } from '../../../test/support/requires.ts';
import type { OsUserObserved } from './observer.ts';
import { osUser } from './os-user.ts';
import { LOAD_FIREWALL, REBUILD } from './programs.ts';
import { rebuildCommands } from './rebuild.ts';
import { NOTHING_YET, sampleBlueprint, sampleLayout } from './sample.ts';

const install = { root: '/opt/oc', node: '/opt/oc/bin/node', openclaw: '/opt/oc/openclaw.mjs', version: '1' };
const layout = sampleLayout('bh1a2b', '/var/lib/b', install);
const acme = sampleBlueprint('acme', 20_000, layout);
const fresh: OsUserObserved = { ...NOTHING_YET, systemd: true };
const file = '/var/lib/b/boundary/bh1a2b-acme/rebuild';
const note = '/run/bulkhead/bh1a2b/bh1a2b-acme.built';

/** The sample host once everything stands and is known to forward because of us. */
const standing: OsUserObserved = {
  ...fresh,
  user: { uid: 12_001, gid: 12_001, mark: 'bulkhead /var/lib/b acme' },
  namespace: 'there',
  link: { index: 7, peer: 2, kind: 'veth', up: true, addresses: ['10.213.187.133/30'] },
  inside: {
    eth0: { index: 2, peer: 7, kind: 'veth', up: true, addresses: ['10.213.187.134/30'] },
    loopbackUp: true,
    gateway: '10.213.187.133',
    ipv6Disabled: '1',
  },
  uplinks: [{ name: 'eth0', forwarding: '1' }],
  uplinkNotes: { bh1a2b: 'eth0\n' },
};

test('what is kept for a reboot brings namespace, rules and link back, in this order', () => {
  const lines = rebuildCommands(acme, layout, standing).map(({ argv }) => argv.map((word) => (word === LOAD_FIREWALL ? 'LOAD' : word)).join(' '));
  const proc = '/proc/sys/net/ipv4/conf';
  assert.deepEqual(
    lines.filter((line) => !line.startsWith(`tee ${proc}/bh1a2b-acme/`)),
    [
      'install -d -m 0711 -- /run/bulkhead/bh1a2b',
      'ip netns delete bh1a2b-acme',
      'ip netns add bh1a2b-acme',
      'nsenter --net=/run/netns/bh1a2b-acme tee /proc/sys/net/ipv6/conf/default/disable_ipv6',
      'ip link add bh1a2b-acme type veth peer name eth0 netns bh1a2b-acme',
      'tee /proc/sys/net/ipv6/conf/bh1a2b-acme/disable_ipv6',
      'ip -4 addr flush dev bh1a2b-acme',
      'ip addr replace 10.213.187.133/30 dev bh1a2b-acme',
      'ip -n bh1a2b-acme -4 addr flush dev eth0',
      'ip -n bh1a2b-acme addr replace 10.213.187.134/30 dev eth0',
      'perl -e LOAD /var/lib/b/firewall bh1a2b',
      'install -d -m 0700 -- /run/bulkhead/.uplinks',
      'flock /run/bulkhead/.uplinks tee /run/bulkhead/.uplinks/bh1a2b',
      `tee ${proc}/eth0/forwarding`,
      'ip link set bh1a2b-acme up',
      'ip -n bh1a2b-acme link set lo up',
      'ip -n bh1a2b-acme link set eth0 up',
      'ip -n bh1a2b-acme route replace default via 10.213.187.133',
      `tee ${note}`,
    ],
  );
});

test('it is the same before the first command ran, once all have run, and after a reboot', () => {
  const expected = rebuildCommands(acme, layout, standing);
  assert.deepEqual(rebuildCommands(acme, layout, fresh), expected);
  const rebooted = { ...standing, namespace: 'missing', link: null, inside: null, uplinks: fresh.uplinks, uplinkNotes: {} } as const;
  assert.deepEqual(rebuildCommands(acme, layout, rebooted), expected);
});

test('an uplink that forwards by itself, and one that only another tenant needs, are left alone', () => {
  const touched = (observed: OsUserObserved): boolean =>
    rebuildCommands(acme, layout, observed).some(({ argv }) => argv.join(' ').includes('eth0/forwarding'));
  assert.equal(touched({ ...standing, uplinkNotes: {} }), false);
  assert.equal(touched({ ...standing, resolvers: [] }), false);
  assert.equal(touched({ ...standing, uplinkNotes: { bh: 'eth0\n' } }), true, 'another instance switched it on, and may come up later');
});

test('the note comes last, both are converged, and only where systemd starts services', () => {
  const commands = osUser.converge(acme, layout, fresh);
  assert.deepEqual(
    commands.slice(-2).map(({ argv }) => argv),
    [
      ['tee', file],
      ['tee', note],
    ],
  );
  const files = { [file]: commands.at(-2)?.stdin ?? '', [note]: commands.at(-1)?.stdin ?? '' };
  assert.ok(!osUser.converge(acme, layout, { ...fresh, files }).some(({ argv }) => argv.includes(file) || argv.includes(note)));
  assert.ok(!osUser.converge(acme, layout, NOTHING_YET).some(({ argv }) => argv.includes(file) || argv.includes(note)));
  assert.deepEqual(osUser.service(acme, layout, fresh).rebuild, ['/usr/bin/perl', '-e', REBUILD, note, file]);
  assert.equal(osUser.service(acme, layout, NOTHING_YET).rebuild, undefined);
  assert.deepEqual(osUser.remove(acme, layout, { ...fresh, files })[0]?.argv, ['rm', '-f', '--', note]);
});

test(
  'the kept commands run with their input, to the first that fails, and not at all where the note is',
  { skip: requires({ programs: ['perl'] }) },
  async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'bh-rebuild-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const [list, seen, done] = [join(folder, 'list'), join(folder, 'seen file'), join(folder, 'done')];
    const words = (...line: readonly string[]): string => `${line.map(encodeURIComponent).join(' ')}\n`;
    const run = (): Promise<{ exit: number | null; stdout: string; stderr: string }> =>
      localHost().run({ title: 'rebuild', argv: ['perl', '-e', REBUILD, done, list] }, new AbortController().signal);
    const text = 'a\nb % "ü" $x\n';
    writeFileSync(list, words('0', text, 'tee', seen) + words('0,1', '', 'false') + words('0', '', 'false') + words('0', '', 'tee', done));
    const failed = await run();
    assert.notEqual(failed.exit, 0);
    assert.match(failed.stderr, /ended with 1: false/);
    assert.equal(failed.stdout, '');
    assert.equal(readFileSync(seen, 'utf8'), text);
    assert.throws(() => readFileSync(done), 'what follows a failure does not run');
    writeFileSync(list, words('0', '', 'tee', done) + words('0', '', 'test', '', '=', ''));
    assert.equal((await run()).exit, 0);
    writeFileSync(list, words('0', '', 'false'));
    assert.equal((await run()).exit, 0);
  },
);
