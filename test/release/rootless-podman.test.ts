/** The rung `container` with Podman as each tenant's own user: two real gateways, attacked from both sides, their boundary broken in several ways. */
import assert from 'node:assert/strict';
import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ReportDocument } from '../../src/report/json.ts';
import { keepReport } from '../support/bulkhead.ts';
import { containerFleet, type ContainerFleet } from '../support/container-fleet.ts';
import { imageUnpackedIn } from '../support/container-image.ts';
import { requires } from '../support/requires.ts';
import { scanWorld, type ScanWorld } from '../support/scan-world.ts';
import { assertHeld } from '../support/verdicts.ts';

const skip = requires({
  root: true,
  linux: true,
  openclaw: true,
  programs: ['podman', 'runc', 'newuidmap', 'newgidmap', 'mmdebstrap', 'nft', 'ip', 'nsenter', 'unshare', 'useradd'],
});
const ROOTLESS = 'isolation: container\n    engine: podman\n    rootless: true';
const TENANTS = [
  { id: 'acme', isolation: ROOTLESS },
  { id: 'globex', isolation: ROOTLESS },
];

describe('two containers, each of its own user’s Podman', { skip, timeout: 2_400_000 }, () => {
  let world: ScanWorld;
  let fleet: ContainerFleet;
  let instance = '';

  const failed = ({ findings }: ReportDocument): readonly string[] => [
    ...new Set(findings.filter(({ verdict }) => verdict === 'fail').map(({ id }) => id)),
  ];

  before(async () => {
    world = scanWorld();
    await world.open();
    assert.equal((await world.run(['mount', '-t', 'tmpfs', '-o', 'mode=0755', 'tmpfs', '/run'])).exit, 0);
    fleet = containerFleet(world, TENANTS);
  });
  after(async () => {
    await world.end();
  });

  test('without an image, and with one that is not unpacked, the plan says which command is missing', async () => {
    const { exit, stderr } = await fleet.run('plan');
    assert.equal(exit, 5, stderr);
    assert.match(stderr, /acme on local: no image is pinned\n\s+fix: bulkhead image build --rootless/);
  });

  test('apply builds both, and a second one has nothing to do', async () => {
    await imageUnpackedIn(world);
    const built = await fleet.run('apply', '--json');
    assert.equal(built.exit, 0, built.stderr + built.stdout);
    await fleet.startModels();
    instance = /^(bh[0-9a-f]+)-acme:/m.exec(readFileSync(join(world.root, 'etc/passwd'), 'utf8'))?.[1] ?? assert.fail('acme has no user');
    const again = await fleet.run('apply', '--json');
    assert.equal((JSON.parse(again.stdout) as { steps: number }).steps, 0, again.stdout);
  });

  test('verify passes over both ordered pairs, audited and attacked from inside', async () => {
    const { report } = await fleet.verify();
    keepReport('rootless-podman', report);
    assertHeld(report);
    assert.deepEqual(report.pairs, { attacked: 2, of: 2 });
    for (const { container, audit, process } of report.facts.tenants) {
      assert.ok(container.known && audit.known && process.known);
      assert.deepEqual([container.value?.engine, container.value?.root?.uid, process.value?.userIds?.length], ['podman', 0, 2]);
    }
  });

  test('what is entered has the rights of the gateway and is where it is', async () => {
    // The engine's own filter is the gateway's alone: who enters has ours. An attack has never less at hand.
    const lines = ['Cap', 'NoNewPrivs', 'Seccomp:', 'Uid', 'Gid'].map((name) => `^${name}`).join('|');
    const say = (pid: string): string =>
      `cd /proc/${pid} && grep -E '${lines}' status && cat uid_map gid_map cgroup && for n in cgroup ipc mnt net pid user uts; do readlink ns/$n; done`;
    const gateway = '$(cut -d" " -f1 /proc/1/task/1/children)';
    const [own, its] = await Promise.all([say('self'), say(gateway)].map((words) => fleet.run('exec', 'acme', '--', 'sh', '-c', words)));
    assert.equal(own?.exit, 0, own?.stderr);
    assert.equal(own?.stdout, its?.stdout);
    const said = own?.stdout ?? '';
    for (const line of [/^CapEff:\s0+$/m, /^CapBnd:\s0+$/m, /^NoNewPrivs:\s1$/m, /^Seccomp:\s2$/m]) assert.match(said, line);
    // Two ids of the host's: its own, and one that is root inside and nobody outside.
    const tini = (await fleet.host('pgrep', '--exact', '--uid', uidOf('acme'), 'tini')).trim();
    const map = (await fleet.host('cat', `/proc/${tini}/uid_map`)).trim().split(/\s+/).map(Number);
    const uid = Number(uidOf('acme'));
    assert.deepEqual(map, [0, 0x7fff_0000 + uid, 1, uid, uid, 1]);
    const host = await fleet.host('readlink', '/proc/1/ns/user', '/proc/1/ns/pid', '/proc/1/ns/net');
    for (const one of host.trim().split('\n')) assert.ok(!said.includes(one), `${one} is the host’s`);
  });

  test('inside nothing gives another user: no set-user-ID file, no user namespace, no newuidmap', async () => {
    const inside = (...argv: readonly string[]) => fleet.run('exec', 'acme', '--', ...argv);
    assert.equal((await inside('find', '/', '-xdev', '-type', 'f', '-perm', '/6000')).stdout, '');
    assert.match((await inside('unshare', '--user', 'true')).stderr, /Operation not permitted/);
    assert.equal((await inside('sh', '-c', 'command -v newuidmap; command -v newgidmap')).stdout, '');
    // Root made the root of the container; what is writable in it is the tenant's own, its /tmp and memory.
    const writable = await inside('find', '/', '-xdev', '-not', '-type', 'l', '-writable', '-not', '-path', '/tmp*', '-not', '-path', '/var/tmp*');
    assert.equal(writable.stdout, '');
  });

  test('processes are limited for the whole of the container, and Podman counts', async () => {
    const count =
      '$|=1; my @p; while(@p<600){ my $p=fork; last if !defined $p; if(!$p){ sleep 20; exit } push @p,$p } print scalar(@p),"\\n"; kill "KILL",@p';
    const { stdout } = await fleet.run('exec', 'acme', '--', 'perl', '-e', count);
    assert.ok(Number(stdout) > 300 && Number(stdout) < 512, stdout);
  });

  test('the engine is the tenant’s: no process of the container is root’s, and no file of Podman’s is anywhere to be found', async () => {
    const { stdout } = await world.run(['ps', '-eo', 'uid,args', '--no-headers']);
    const engine = stdout.split('\n').filter((line) => /podman|conmon|catatonit/.test(line) && !/unshare|nsenter|ps -eo/.test(line));
    assert.ok(engine.length >= 4, stdout);
    for (const line of engine) assert.match(line, new RegExp(`^\\s*(?:${uidOf('acme')}|${uidOf('globex')})\\s`));
    const users = ['-user', uidOf('acme'), '-o', '-user', uidOf('globex')];
    const found = await fleet.host('find', '/run', '/var/lib/containers', '/tmp', '-xdev', '(', ...users, ')');
    assert.equal(found, '');
  });

  test('stopped, the gateway ends its work first, and nothing of it is left', async () => {
    const log = join(fleet.stateDir, 'logs/acme.log');
    const before = readFileSync(log, 'utf8').length;
    assert.equal((await fleet.run('stop', 'acme')).exit, 0);
    assert.match(readFileSync(log, 'utf8').slice(before), /drain settled/);
    assert.equal((await world.run(['ps', '-u', `${instance}-acme`, '-o', 'args', '--no-headers'])).stdout, '');
    assert.equal((await fleet.run('start', 'acme')).exit, 0);
    await running();
  });

  test('killed from above, all of it ends, and it comes back', async () => {
    const before = await topOf('acme');
    await fleet.host('kill', '-KILL', String(before));
    await sleep(1500);
    await running();
    const { stdout } = await world.run(['ps', '-eo', 'uid,args', '--no-headers']);
    const monitors = stdout.split('\n').filter((line) => line.includes('conmon') && line.includes(uidOf('acme')) && !line.includes('unshare'));
    assert.equal(monitors.length, 1, monitors.join('\n'));
  });

  test('an id of the other’s that a tenant may become is found, and taken back by apply', async () => {
    appendFileSync(join(world.root, 'etc/subuid'), `${instance}-acme:${uidOf('globex')}:1\n`);
    const { exit, report } = await fleet.verify('--no-probes', '--no-audit');
    assert.deepEqual(failed(report), ['container.same-host-uid']);
    assert.notEqual(exit, 0);
    const { steps } = JSON.parse((await fleet.run('apply', '--json')).stdout) as { steps: number };
    assert.equal(steps, 1);
    assert.deepEqual(failed((await fleet.verify('--no-probes', '--no-audit')).report), []);
  });

  test('an id of a tenant that somebody else may become stops apply', async () => {
    const file = join(world.root, 'etc/subuid');
    const before = readFileSync(file, 'utf8');
    appendFileSync(file, `daemon:12000:4384\n`);
    const { exit, stderr } = await fleet.run('apply', 'acme');
    assert.equal(exit, 5, stderr);
    assert.match(stderr, /acme on local: \/etc\/subuid gives daemon the ids 12000-16383, among them this tenant’s; nothing was changed/);
    writeFileSync(file, before);
  });

  test('a root of the container that a tenant may change is found by name', async () => {
    const roots = join(fleet.stateDir, 'container-roots');
    const [id = ''] = readdirSync(roots);
    await fleet.host('chmod', '0777', join(roots, id));
    const { report } = await fleet.verify('--no-probes', '--no-audit');
    assert.deepEqual(failed(report), ['container.image-mutable']);
    assert.match((await fleet.run('apply')).stderr, /is not unpacked\n\s+fix: bulkhead image build --rootless/);
    await fleet.host('chmod', '0755', join(roots, id));
    assert.deepEqual(failed((await fleet.verify('--no-probes', '--no-audit')).report), []);
  });

  test('the other’s tree mounted into a container is found, but not read; opened to all as well, an attack gets through', async () => {
    const tree = join(fleet.stateDir, 'tenants/globex');
    assert.equal((await fleet.run('stop', 'acme')).exit, 0);
    const said = startedByHand(['--volume', `${tree}:${tree}`]);
    for (let tries = 0; (await fleet.run('exec', 'acme', '--', 'true')).exit !== 0; tries += 1) {
      assert.ok(tries < 60, said());
      await sleep(1000);
    }
    await sleep(20_000); // its gateway starts, and no supervisor tells when it answers
    assert.match((await fleet.run('exec', 'acme', '--', 'ls', tree)).stderr, /Permission denied/);
    assert.ok(failed((await fleet.verify('--no-probes', '--no-audit')).report).includes('path.bind-mount'));
    await fleet.host('chmod', '-R', 'a+rX', tree);
    const { exit, report } = await fleet.verify('--no-audit');
    const through = report.probes.filter(({ verdict }) => verdict === 'breached').map(({ id, attacker }) => `${id} by ${attacker}`);
    assert.deepEqual([exit, through.includes('files.read-state by acme')], [4, true], through.join());
    await fleet.host('chmod', '-R', 'go-rwx', tree);
    // Not SIGTERM: with a turn that is not done a gateway may drain for minutes.
    await fleet.host('kill', '-KILL', String(await topOf('acme')));
    for (let tries = 0; (await world.run(['ps', '-u', `${instance}-acme`])).exit === 0; tries += 1) {
      assert.ok(tries < 60, 'it does not end');
      await sleep(1000);
    }
    assert.equal((await fleet.run('start', 'acme')).exit, 0);
    await running();
    assert.ok(!failed((await fleet.verify('--no-probes', '--no-audit')).report).includes('path.bind-mount'));
  });

  test('remove leaves nothing', async () => {
    const [acme, globex] = [uidOf('acme'), uidOf('globex')];
    for (const { id } of TENANTS) {
      const { exit, stderr } = await fleet.run('remove', id, '--confirm', id);
      assert.equal(exit, 0, stderr);
    }
    const etc = ['passwd', 'group', 'subuid', 'subgid'].map((name) => readFileSync(join(world.root, 'etc', name), 'utf8'));
    const listed = await Promise.all([
      fleet.host('ip', '-o', 'link', 'show'),
      fleet.host('ip', 'netns', 'list'),
      fleet.host('nft', 'list', 'tables'),
      fleet.host('ps', '-eo', 'args', '--no-headers'),
    ]);
    const left = [...etc, ...listed].flatMap((text) => text.split('\n').filter((line) => line.includes(`${instance}-`)));
    assert.deepEqual(left, []);
    const { stdout } = await world.run(['ps', '-eo', 'uid,args', '--no-headers']);
    assert.deepEqual(
      stdout.split('\n').filter((line) => [acme, globex].includes(line.trim().split(' ')[0] ?? '')),
      [],
    );
    assert.ok(!existsSync(join(fleet.stateDir, 'boundary', `${instance}-acme`)));
  });

  /** Until both gateways answer. */
  async function running(): Promise<void> {
    let seen = '';
    for (let tries = 0; tries < 120; tries += 1) {
      const { stdout } = await fleet.run('status', '--json');
      const { tenants } = JSON.parse(stdout) as { tenants: { state: string; version?: string }[] };
      seen = tenants.map(({ state, version }) => `${state} ${version ?? '-'}`).join();
      if (seen === 'running 2026.9.6,running 2026.9.6') return;
      await sleep(1000);
    }
    assert.fail(seen);
  }

  function uidOf(tenant: string): string {
    const uid = new RegExp(`^${instance}-${tenant}:x:(\\d+):`, 'm').exec(readFileSync(join(world.root, 'etc/passwd'), 'utf8'))?.[1];
    return uid ?? assert.fail(`${tenant} has no user`);
  }

  function definition(tenant: string): readonly string[] {
    const file = join(fleet.stateDir, 'supervisor/services', `${instance}-${tenant}.json`);
    return (JSON.parse(readFileSync(file, 'utf8')) as { argv: readonly string[] }).argv;
  }

  /** Pid in the world of the process that its supervisor, or a hand, has started last. */
  async function topOf(tenant: string): Promise<number> {
    const [, , program = ''] = definition(tenant);
    const lines = (await fleet.host('ps', '-eo', 'pid,args', '--no-headers', '-ww')).split('\n');
    const head = program.slice(0, 40);
    const own = lines.filter((line) => line.includes(`perl -e ${head}`) && line.includes(`/run/netns/${instance}-${tenant} `));
    return Number(own[0]?.trim().split(' ')[0] ?? assert.fail(`${tenant} does not run`));
  }

  /** As the supervisor starts it, with more words for Podman. */
  function startedByHand(extra: readonly string[]): () => string {
    const argv = definition('acme');
    const at = argv.indexOf('--rootfs');
    return world.start([...argv.slice(0, at), ...extra, ...argv.slice(at)]);
  }
});
