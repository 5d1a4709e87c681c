/** The rung `container` with a Docker of each tenant's own: two real gateways, attacked from both sides, their boundary broken in several ways. */
import assert from 'node:assert/strict';
import { appendFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
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
  programs: ['docker', 'dockerd', 'containerd', 'runc', 'bwrap', 'mmdebstrap', 'nft', 'ip', 'nsenter', 'useradd'],
});
const ROOTLESS = 'isolation: container\n    engine: docker\n    rootless: true';
const TENANTS = [
  { id: 'acme', isolation: ROOTLESS },
  { id: 'globex', isolation: ROOTLESS },
];
/** Ids of engines begin here. */
const SUBORDINATE = 0x7000_0000;
const ASK = ['env', 'DOCKER_HOST=unix:///run/engine/docker.sock', 'docker', 'container', 'ls', '--format', '{{.Names}}'] as const;

describe('two containers, each of a Docker of its own', { skip, timeout: 2_400_000 }, () => {
  let world: ScanWorld;
  let fleet: ContainerFleet;
  let instance = '';

  const failed = ({ findings }: ReportDocument): readonly string[] =>
    [...new Set(findings.filter(({ verdict }) => verdict === 'fail').map(({ id }) => id))].toSorted();
  const looked = async (): Promise<readonly string[]> => failed((await fleet.verify('--no-probes', '--no-audit')).report);

  before(async () => {
    world = scanWorld();
    await world.open();
    assert.equal((await world.run(['mount', '-t', 'tmpfs', '-o', 'mode=0755', 'tmpfs', '/run'])).exit, 0);
    fleet = containerFleet(world, TENANTS);
  });
  after(async () => {
    await world.end();
  });

  test('without an image the plan says which command is missing; no Docker of the host runs, and none is asked', async () => {
    const { exit, stderr } = await fleet.run('plan');
    assert.equal(exit, 5, stderr);
    assert.match(stderr, /acme on local: no image is pinned\n\s+fix: bulkhead image build --rootless/);
  });

  test('apply builds both, and a second one has nothing to do', async () => {
    await imageUnpackedIn(world);
    const built = await fleet.run('apply', '--json');
    assert.equal(
      built.exit,
      0,
      built.stdout + TENANTS.map(({ id }) => readFileSync(join(fleet.stateDir, `logs/${id}.log`), 'utf8').slice(-3000)).join('\n'),
    );
    await fleet.startModels();
    instance = /^(bh[0-9a-f]+)-acme:/m.exec(readFileSync(join(world.root, 'etc/passwd'), 'utf8'))?.[1] ?? assert.fail('acme has no user');
    const again = await fleet.run('apply', '--json');
    assert.equal((JSON.parse(again.stdout) as { steps: number }).steps, 0, again.stdout);
  });

  test('every attack of both ordered pairs is contained', async () => {
    const { report } = await fleet.verify('--no-audit');
    keepReport('rootless-docker', report);
    assertHeld(report, { audited: false });
    assert.deepEqual(report.pairs, { attacked: 2, of: 2 });
    for (const { container, process } of report.facts.tenants) {
      assert.ok(container.known && process.known);
      const { engine, root, ownEngine, hostNamespaces } = container.value ?? assert.fail('it is no container');
      assert.deepEqual([engine, root?.uid, ownEngine, hostNamespaces], ['docker', 0, true, []]);
      assert.match(root?.path ?? '', /\/container-roots\/[0-9a-f]{64}$/);
      assert.deepEqual(
        process.value?.userIds?.map(({ first, count }) => first >= SUBORDINATE || count === 1),
        [true, true, true],
      );
    }
  });

  test('what is entered has the rights of the gateway and is where it is', async () => {
    // The engine's own filter is the gateway's alone: who enters has ours. An attack has never less at hand.
    const lines = ['Cap', 'NoNewPrivs', 'Seccomp:', 'Uid', 'Gid', 'Groups'].map((name) => `^${name}`).join('|');
    const say = (pid: string): string =>
      `cd /proc/${pid} && grep -E '${lines}' status && cat uid_map gid_map cgroup && for n in cgroup ipc mnt net pid user uts; do readlink ns/$n; done`;
    const gateway = '$(cut -d" " -f1 /proc/1/task/1/children)';
    const [own, its] = await Promise.all([say('self'), say(gateway)].map((program) => fleet.run('exec', 'acme', '--', 'sh', '-c', program)));
    assert.equal(own?.exit, 0, own?.stderr);
    const ofGroups = /^Groups:.*$/m;
    assert.equal(own?.stdout.replace(ofGroups, ''), its?.stdout.replace(ofGroups, ''));
    const said = its?.stdout ?? '';
    for (const line of [/^CapEff:\s0+$/m, /^CapBnd:\s0+$/m, /^NoNewPrivs:\s1$/m, /^Seccomp:\s2$/m]) assert.match(said, line);
    // Docker names the user's own group once more.
    assert.ok(['', uidOf('acme')].includes(/^Groups:\s*(.*?)\s*$/m.exec(said)?.[1] ?? 'none said'), said);
    const host = await fleet.host('readlink', '/proc/1/ns/user', '/proc/1/ns/pid', '/proc/1/ns/net');
    for (const one of host.trim().split('\n')) assert.ok(!said.includes(one), `${one} is the host’s`);
  });

  test('inside nothing gives another user or the engine: no set-user-ID file, no user namespace, no socket', async () => {
    const inside = (...argv: readonly string[]) => fleet.run('exec', 'acme', '--', ...argv);
    const found = (...tests: readonly string[]) => inside('find', '/', '-path', '/proc', '-prune', '-o', ...tests, '-print');
    assert.equal((await found('-type', 'f', '-perm', '/6000')).stdout, '');
    assert.equal((await found('-type', 's')).stdout, '');
    assert.match((await inside('unshare', '--user', 'true')).stderr, /Operation not permitted/);
    // Of the image; its own /tmp and /var/tmp are memory.
    const places = ['/', '/usr', '/etc', '/var', '/sys'];
    const writable = await inside(
      'find',
      ...places,
      '-xdev',
      '-not',
      '-type',
      'l',
      '-writable',
      '-not',
      '-path',
      '/tmp*',
      '-not',
      '-path',
      '/var/tmp*',
    );
    assert.equal(writable.stdout, '');
  });

  test('the engine is nobody’s user, counts in the tenant’s limits, and keeps nothing where others could find it', async () => {
    const { stdout } = await world.run(['ps', '-eo', 'uid,comm', '--no-headers']);
    const engine = stdout.split('\n').filter((line) => /dockerd|containerd|docker\b/.test(line));
    assert.ok(engine.length >= 8, stdout);
    for (const line of engine) assert.ok(Number(line.trim().split(' ')[0]) >= SUBORDINATE, line);
    const group = readFileSync(`/sys/fs/cgroup/memory/${instance}/${instance}-acme/cgroup.procs`, 'utf8').trim().split('\n');
    const names = group.map((pid) => readFileSync(`/proc/${pid}/comm`, 'utf8').trim());
    for (const name of ['dockerd', 'containerd', 'containerd-shim', 'docker', 'tini']) assert.ok(names.includes(name), `${name}: ${names.join()}`);
    const ids = ['-uid', `+${SUBORDINATE - 1}`];
    assert.equal(await fleet.host('find', '/run', '/tmp', fleet.stateDir, '-xdev', ...ids), '');
    assert.ok(!existsSync(join(fleet.stateDir, 'engines')));
  });

  test('out of its container the tenant’s user sees what an os-user tenant sees, and may not ask the engine, whose root may', async () => {
    const outer = await firstOf('acme');
    const as = (id: string, ...argv: readonly string[]) =>
      world.run([
        'nsenter',
        '-t',
        outer,
        '--mount',
        '--pid',
        '--net',
        '--',
        'setpriv',
        '--reuid',
        id,
        '--regid',
        id,
        '--clear-groups',
        '--',
        ...argv,
      ]);
    assert.match((await as(uidOf('acme'), ...ASK)).stderr, /permission denied/);
    assert.equal((await as(subordinateOf('acme'), ...ASK)).stdout, `${instance}-acme\n`);
    const seen = await as(
      uidOf('acme'),
      'sh',
      '-c',
      `ls ${fleet.stateDir} ${fleet.stateDir}/tenants; ls /etc/shadow /home; find / -xdev -perm /6000`,
    );
    assert.deepEqual(
      seen.stdout
        .trim()
        .split('\n')
        .filter((line) => /^(?:globex|bulkhead\.db|\/etc\/shadow|\/home)/.test(line)),
      [],
    );
    assert.match(seen.stdout, /^acme$/m);
  });

  test('an id of the other’s, and a root of the container that a tenant may change, are found; apply takes the first back', async () => {
    appendFileSync(join(world.root, 'etc/subuid'), `${instance}-acme:${subordinateOf('globex')}:1\n`);
    const roots = join(fleet.stateDir, 'container-roots');
    const [id = ''] = readdirSync(roots);
    await fleet.host('chmod', '0777', join(roots, id));
    assert.deepEqual(await looked(), ['container.image-mutable', 'container.same-host-uid']);
    assert.match((await fleet.run('apply')).stderr, /is not unpacked\n\s+fix: bulkhead image build --rootless/);
    await fleet.host('chmod', '0755', join(roots, id));
    assert.equal((JSON.parse((await fleet.run('apply', '--json')).stdout) as { steps: number }).steps, 1);
    assert.deepEqual(await looked(), []);
  });

  test('stopped, the gateway ends its work first, and nothing of it is left', async () => {
    const log = join(fleet.stateDir, 'logs/acme.log');
    const before = readFileSync(log, 'utf8').length;
    assert.equal((await fleet.run('stop', 'acme')).exit, 0);
    assert.match(readFileSync(log, 'utf8').slice(before), /drain settled/);
    assert.deepEqual(await processesOf('acme'), []);
  });

  test('the other’s tree mounted into a container by hand is found, but not read', async () => {
    const tree = join(fleet.stateDir, 'tenants/globex');
    const argv = definition('acme');
    const [outer, inner] = [argv.indexOf('--remount-ro'), argv.indexOf('--log-driver=none', argv.lastIndexOf('docker'))];
    const mount = ['--mount', `type=bind,source=${tree},target=${tree}`];
    const said = world.start([...argv.slice(0, outer), '--bind', tree, tree, ...argv.slice(outer, inner), ...mount, ...argv.slice(inner)]);
    for (let tries = 0; (await fleet.run('exec', 'acme', '--', 'true')).exit !== 0; tries += 1) {
      assert.ok(tries < 60, said());
      await sleep(1000);
    }
    assert.match((await fleet.run('exec', 'acme', '--', 'ls', tree)).stderr, /Permission denied/);
    assert.ok((await looked()).includes('path.bind-mount'));
    await fleet.host('kill', '-KILL', await topOf('acme'));
    await ended('acme');
    assert.equal((await fleet.run('start', 'acme')).exit, 0);
    await running();
    assert.deepEqual(await looked(), []);
  });

  test('an engine that ends takes its container along, and both come back', async () => {
    const before = await firstOf('acme');
    const [line = ''] = (await processesOf('acme')).filter((one) => one.endsWith(' dockerd'));
    await fleet.host('kill', '-KILL', line.trim().split(/\s+/)[0] ?? assert.fail('it has no engine'));
    await sleep(3000);
    await running();
    assert.notEqual(await firstOf('acme'), before);
    assert.equal((await processesOf('acme')).filter((one) => one.endsWith(' dockerd')).length, 1);
  });

  test('remove leaves nothing', async () => {
    const users = TENANTS.map(({ id }) => [id, uidOf(id), subordinateOf(id)] as const);
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
    assert.deepEqual(
      [...etc, ...listed].flatMap((text) => text.split('\n').filter((line) => line.includes(`${instance}-`))),
      [],
    );
    const { stdout } = await world.run(['ps', '-eo', 'uid', '--no-headers']);
    const left = stdout.split('\n').map((line) => line.trim());
    assert.ok(
      users.every(([, uid, first]) => !left.includes(uid) && !left.includes(first)),
      stdout,
    );
    for (const controller of ['memory', 'devices']) assert.ok(!existsSync(`/sys/fs/cgroup/${controller}/${instance}`));
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

  async function ended(tenant: string): Promise<void> {
    for (let tries = 0; (await processesOf(tenant)).length > 0; tries += 1) {
      assert.ok(tries < 60, 'it does not end');
      await sleep(500);
    }
  }

  function uidOf(tenant: string): string {
    const uid = new RegExp(`^${instance}-${tenant}:x:(\\d+):`, 'm').exec(readFileSync(join(world.root, 'etc/passwd'), 'utf8'))?.[1];
    return uid ?? assert.fail(`${tenant} has no user`);
  }

  function subordinateOf(tenant: string): string {
    const first = new RegExp(`^${instance}-${tenant}:(\\d+):65536$`, 'm').exec(readFileSync(join(world.root, 'etc/subuid'), 'utf8'))?.[1];
    return first ?? assert.fail(`${tenant} has no subordinate ids`);
  }

  /** `PID UID NAME` of the world's, of the tenant's user and its engine. */
  async function processesOf(tenant: string): Promise<readonly string[]> {
    const own = [uidOf(tenant), subordinateOf(tenant)];
    const { stdout } = await world.run(['ps', '-eo', 'pid,uid,comm', '--no-headers']);
    return stdout.split('\n').filter((line) => own.includes(line.trim().split(/\s+/)[1] ?? ''));
  }

  function definition(tenant: string): readonly string[] {
    const file = join(fleet.stateDir, 'supervisor/services', `${instance}-${tenant}.json`);
    return (JSON.parse(readFileSync(file, 'utf8')) as { argv: readonly string[] }).argv;
  }

  /** Lines of the tenant's boundary, the one that was started first at the front. */
  async function lines(what: string, tenant: string): Promise<string> {
    const all = (await fleet.host('ps', '-eo', 'pid,args', '--no-headers', '-ww')).split('\n').map((line) => line.trim());
    const own = all.filter((line) => new RegExp(`^\\d+ ${what} `).test(line) && line.includes(`boundary/${instance}-${tenant} `));
    return own.at(what === 'bwrap' ? 1 : 0)?.split(' ')[0] ?? assert.fail(`${tenant} does not run`);
  }

  /** Pid in the world of the process that its supervisor, or a hand, has started. */
  async function topOf(tenant: string): Promise<string> {
    return await lines('/usr/bin/perl', tenant);
  }

  /** The first process of its boundary: bubblewrap's second. */
  async function firstOf(tenant: string): Promise<string> {
    return await lines('bwrap', tenant);
  }
});
