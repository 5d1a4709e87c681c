/** A machine as a provider hands it over is made ready by one command over ssh, as an ordinary user with sudo; and what stands in the way is told. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { allPackages } from '../../src/plan/prepare-machine.ts';
import { NETWORK_PROGRAMS, startMachineNetwork, type MachineNetwork, type NetworkedMachine } from '../support/machine-network.ts';
import { servePackages, type PackageServer } from '../support/package-server.ts';
import { requires, testInstall } from '../support/requires.ts';

const skip = requires({ root: true, linux: true, openclaw: true, programs: [...NETWORK_PROGRAMS, 'apt-get', 'dpkg-deb'] });
const BULKHEAD = new URL('../../bulkhead', import.meta.url).pathname;

let network: MachineNetwork;
let machine: NetworkedMachine;
let packages: PackageServer;
const folder = mkdtempSync(join(tmpdir(), 'bulkhead-hosts-'));

const MANIFEST = `fleet: trial
trust: clients
hosts:
  edge-1: { ssh: ops@edge-1, become: sudo, admins: [{ name: ops, how: sudo }] }
  edge-2: { ssh: edge-2.invalid, admins: [{ name: ops, how: root }] }
tenants:
  acme:
    boundary: { owner: acme@example.test, data: tickets, members: [acme@example.test] }
    host: edge-1
    isolation: container
    policy: support
    limits: { disk: 10GiB }
`;

interface Document {
  readonly hosts: readonly {
    readonly host: string;
    readonly state: string;
    readonly needs: readonly { readonly id: string; readonly state: string }[];
    readonly fix?: string;
  }[];
  readonly commands: readonly { readonly title: string; readonly argv: readonly string[] }[];
}

interface Ended {
  readonly exit: number | null;
  readonly out: string;
  readonly said: string;
}

/** Killed with all its processes, a moment after it has said this. */
function bulkhead(argv: readonly string[], killWhen?: RegExp): Promise<Ended> {
  const env = { ...process.env, BULKHEAD_SSH_CONFIG: network.config, BULKHEAD_RUNTIMES: dirname(testInstall().root) };
  const child = spawn(BULKHEAD, argv, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let [out, said] = ['', ''];
  let killing: NodeJS.Timeout | undefined;
  const { pid } = child;
  child.stdout.on('data', (chunk: Buffer) => void (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
    if (pid !== undefined && killWhen?.test(said) === true) killing ??= setTimeout(() => process.kill(-pid, 'SIGKILL'), 300);
  });
  return new Promise((resolve) => {
    child.once('close', (exit) => {
      clearTimeout(killing);
      resolve({ exit, out, said });
    });
  });
}

const prepare = (...flags: readonly string[]) => ['hosts', 'prepare', 'edge-1', '--state-dir', join(folder, 'state'), ...flags];

async function check(...names: readonly string[]): Promise<{ readonly exit: number | null; readonly hosts: Document['hosts'] }> {
  const { exit, out, said } = await bulkhead(['hosts', 'check', '--json', ...names]);
  assert.match(out, /^\{/, said);
  return { exit, hosts: (JSON.parse(out) as Document).hosts };
}

const statesOf = (host: Document['hosts'][number] | undefined): Readonly<Record<string, string>> =>
  Object.fromEntries((host?.needs ?? []).map(({ id, state }) => [id, state]));

before(async () => {
  if (skip !== false) return;
  writeFileSync(join(folder, 'bulkhead.yaml'), MANIFEST);
  network = await startMachineNetwork();
  packages = await servePackages(allPackages(['docker']), network.address);
  machine = await network.boot('edge-1', { kind: 'fresh', loops: true });
  await machine.write('/etc/apt/sources.list', packages.source);
});
after(async () => {
  if (skip !== false) return;
  await network.end();
  await packages.end();
  rmSync(folder, { recursive: true, force: true });
});

test('a fresh machine is told what it lacks, beside one that cannot be reached', { skip }, async () => {
  const { exit, hosts } = await check('edge-1', 'edge-2');
  assert.equal(exit, 3);
  assert.deepEqual(
    hosts.map(({ host, state }) => [host, state]),
    [
      ['edge-1', 'lacking'],
      ['edge-2', 'unreachable'],
    ],
  );
  const states = statesOf(hosts[0]);
  assert.deepEqual(
    [states['root'], states['system'], states['systemd'], states['loops'], states['programs'], states['time'], states['firewall'], states['engine']],
    ['fine', 'fine', 'fine', 'fine', 'lacking', 'lacking', 'lacking', 'lacking'],
  );
  assert.match(hosts[1]?.fix ?? '', /hosts\.edge-2\.ssh/);
});

test('without --yes the steps are shown and nothing changes', { skip }, async () => {
  const { exit, out } = await bulkhead(prepare());
  assert.equal(exit, 0);
  assert.match(out, /install .*bubblewrap.*nftables.*docker\.io.*\n\s+\$ env DEBIAN_FRONTEND=noninteractive apt-get/);
  assert.match(out, /Nothing has been changed\. Do it with: bulkhead hosts prepare edge-1 --yes/);
  assert.equal((await machine.run(['test', '-e', '/usr/bin/bwrap'])).exit, 1);
  assert.equal((await check('edge-1')).exit, 1);
});

test('killed in the middle of an installation, the next run goes on; then there is nothing to do', { skip }, async () => {
  const killed = await bulkhead(prepare('--yes'), /install .*bubblewrap/);
  assert.equal(killed.exit, null, killed.said);
  const { exit, said } = await bulkhead(prepare('--yes'));
  assert.equal(exit, 0, said);
  assert.equal((await machine.run(['bwrap', '--version'])).exit, 0);
  assert.equal((await machine.run(['docker', 'container', 'ls'])).exit, 0);
  assert.equal((await machine.run(['mkfs.ext4', '-V'])).exit, 0);
  assert.equal((await machine.run(['systemctl', 'is-enabled', 'systemd-timesyncd'])).stdout, 'enabled\n');
  const install = `/var/lib/bulkhead/runtime/${basename(testInstall().root)}`;
  const openclaw = await machine.run([`${install}/bin/openclaw`, '--version'], { PATH: `${install}/bin` });
  assert.ok(openclaw.stdout.includes(testInstall().version), openclaw.stderr);
  const again = await bulkhead(prepare('--yes'));
  assert.deepEqual([again.exit, again.out], [0, 'Nothing to do: edge-1 has what Bulkhead can bring.\n']);
  const { exit: ready, hosts } = await check('edge-1');
  assert.deepEqual([ready, hosts[0]?.state], [0, 'ready']);
});

test('sudo that asks for a password and a cable that is pulled are each told', { skip }, async () => {
  await machine.run(['mv', '/etc/sudoers.d/ops', '/root/ops']);
  const refused = await check('edge-1');
  assert.deepEqual([refused.exit, refused.hosts[0]?.state], [3, 'unreachable']);
  assert.match(refused.hosts[0]?.fix ?? '', /NOPASSWD/);
  await machine.run(['mv', '/root/ops', '/etc/sudoers.d/ops']);
  await machine.unplug();
  const pulled = await check('edge-1');
  assert.deepEqual([pulled.exit, pulled.hosts[0]?.state], [3, 'unreachable']);
  await machine.plug();
  assert.equal((await check('edge-1')).exit, 0);
});
