import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { arch, hostname, networkInterfaces } from 'node:os';
import { test } from 'node:test';
import { BulkheadError } from '../core/error.ts';
import { localHost } from '../hosts/local.ts';
import { recordingHost, type Answer } from '../hosts/recording.ts';
import { lookAtMachine } from './look-at-machine.ts';

const never = new AbortController().signal;
const linux = process.platform === 'linux' ? false : 'needs Linux';
const look = { programs: ['sh', 'no-such-program'], engines: [], now: () => Date.now() };

test('this machine is seen as it is', { skip: linux }, async () => {
  const address = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
  const server = createServer().listen(0, address ?? '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  const seen = await lookAtMachine(localHost(), look, never);
  server.close();
  assert.equal(seen.architecture, { x64: 'x86_64', arm64: 'aarch64' }[arch() as string]);
  assert.match(seen.kernel, /^Linux \d/);
  assert.deepEqual(seen.programs, ['sh']);
  assert.equal(seen.root, process.getuid?.() === 0);
  assert.ok(Math.abs(seen.clock.aheadMs) <= seen.clock.errorMs + 50, `${hostname()} is ${seen.clock.aheadMs} ms ahead of itself`);
  assert.ok(seen.memoryBytes > 1e8 && seen.freeBytes > 0);
  const open = typeof bound === 'object' && bound !== null ? `${bound.address}:${bound.port}` : '';
  assert.equal(
    seen.listeners.some((listener) => listener.startsWith(`${open} `)),
    address !== undefined,
  );
});

const LINES = [
  'uid\t0',
  'user\tops',
  'kernel\tLinux 6.1',
  'machine\tx86_64',
  'os.ID\tdebian',
  'init\tsystemd',
  'booted\tsystemd',
  'v2\tcpu io memory pids%0A',
  'memory\t4000000',
  'loops\t1',
];
const LISTENS = [
  'listens\t0100007F 80 nginx',
  'listens\t00000000 22 sshd',
  'listens\t00000000000000000000000001000000 631 cups',
  'listens\t00000000000000000000000000000000 8080 a%25b%09c',
];
const answers = (perl: string): readonly Answer[] => [
  { when: 'true', give: {} },
  { when: 'perl', give: { stdout: perl } },
  { when: 'date', give: { stdout: `${Date.now() + 60_000}\n` } },
  { when: 'systemctl --version', give: { stdout: 'systemd 252 (252.39)\n' } },
  { when: 'systemctl is-system-running', give: { stdout: 'degraded\n', exit: 1 } },
  { when: 'systemctl list-unit-files', give: { stdout: 'chrony.service enabled enabled\n' } },
  {
    when: 'nft',
    give: {
      stdout:
        '{"nftables":[{"chain":{"family":"ip","table":"filter","name":"FORWARD","hook":"forward","policy":"drop"}},{"chain":{"family":"inet","table":"own","name":"out","hook":"output","policy":"drop"}}]}',
    },
  },
  { when: 'unshare', give: { exit: 1 } },
  { when: 'dpkg', give: new BulkheadError('host', 'The program "dpkg" is not on edge', '') },
  { when: 'df', give: { stdout: 'Avail\n123456\n' } },
];

test('another machine is told by its own words, what listens for it alone left out', async () => {
  const seen = await lookAtMachine(recordingHost(answers([...LINES, ...LISTENS, 'end\t1', ''].join('\n'))), look, never);
  assert.deepEqual(seen.controlGroups, { version: 'v2', controllers: ['cpu', 'memory', 'pids'] });
  assert.equal(seen.loops, true);
  assert.deepEqual(seen.init, { systemd: 252, state: 'degraded' });
  assert.deepEqual(seen.listeners, ['0.0.0.0:22 sshd', '[::]:8080 a%b\tc']);
  assert.deepEqual(seen.nftables, { answers: true, dropForwarded: ['ip filter FORWARD'] });
  assert.deepEqual([seen.namespaces, seen.halfInstalled, seen.timeServices, seen.freeBytes], [false, undefined, ['chrony.service'], 123456]);
  assert.ok(seen.clock.aheadMs > 58_000 && seen.clock.aheadMs < 62_000, `${seen.clock.aheadMs}`);
});

test('only an engine that answers is told as one', async () => {
  const silent: Answer = { when: 'docker container ls', give: { exit: 1, stderr: 'Cannot connect to the Docker daemon' } };
  const all = [silent, { when: 'podman container ls', give: {} }, ...answers([...LINES, 'end\t1', ''].join('\n'))];
  assert.deepEqual((await lookAtMachine(recordingHost(all), { ...look, engines: ['docker', 'podman'] }, never)).engines, ['podman']);
});

test('a machine that was seen in part is not a machine that lacks the rest', async () => {
  for (const text of ['', LINES.join('\n'), `${LINES.join('\n')}\nend\t`])
    await assert.rejects(lookAtMachine(recordingHost(answers(text), { id: 'edge-1' }), look, never), /edge-1: could not look at the machine/);
});
