/** The rung `container` with a real Docker and real gateways: built, attacked from everywhere, broken in several ways, removed. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ReportDocument } from '../../src/report/json.ts';
import { keepReport } from '../support/bulkhead.ts';
import { containerFleet, type ContainerFleet } from '../support/container-fleet.ts';
import { imageIn } from '../support/container-image.ts';
import { DOCKER_PROGRAMS, startEngine, type Docker } from '../support/docker.ts';
import { requires } from '../support/requires.ts';
import { scanWorld, type ScanWorld } from '../support/scan-world.ts';
import { assertHeld } from '../support/verdicts.ts';

const skip = requires({
  root: true,
  linux: true,
  openclaw: true,
  programs: [...DOCKER_PROGRAMS, 'bwrap', 'nft', 'ip', 'nsenter', 'curl', 'useradd'],
});
const TENANTS = [
  { id: 'acme', isolation: 'isolation: container\n    limits: { disk: 1GiB }' },
  { id: 'globex', isolation: 'isolation: container' },
  { id: 'initech', isolation: 'isolation: os-user' },
];

/** Tries until it was refused three times after the decoy answered: `d` where that answered, `r` where it was refused. */
/** Tries until it was let in and then refused three times: a try may take a second, since the kernel limits the rate of its refusals. */
const TRY =
  '$|=1; my $all=""; for(1..200){ my $s=IO::Socket::INET->new(PeerAddr=>$ARGV[0],PeerPort=>8199,Timeout=>2); my $l=$s ? <$s> : undef; my $c=defined $l ? "d" : "r"; print $c; $all.=$c; last if $all=~/dr{3}$/; select(undef,undef,undef,0.1) } print "\\n"';

describe('two containers and an OS user on one machine', { skip, timeout: 2_400_000 }, () => {
  let world: ScanWorld;
  let docker: Docker;
  let fleet: ContainerFleet;
  let image = '';
  let name = '';

  const failed = ({ findings }: ReportDocument): readonly string[] => findings.filter(({ verdict }) => verdict === 'fail').map(({ id }) => id);

  before(async () => {
    world = scanWorld();
    await world.open();
    docker = await startEngine(world);
    fleet = containerFleet(world, TENANTS);
  });
  after(async () => {
    await world.end();
    await docker.clean();
  });

  test('without an image the plan says which command is missing', async () => {
    const { exit, stderr } = await fleet.run('plan');
    assert.equal(exit, 5, stderr);
    assert.match(stderr, /acme on local: no image is pinned\n\s+fix: bulkhead image build --engine docker/);
  });

  test('apply builds all three, and a second one has nothing to do', async () => {
    image = await imageIn(world, 'docker');
    const built = await fleet.run('apply', '--json');
    assert.equal(built.exit, 0, built.stderr + built.stdout);
    await fleet.startModels();
    const again = await fleet.run('apply', '--json');
    assert.equal((JSON.parse(again.stdout) as { steps: number }).steps, 0, again.stdout);
    name = (await docker.run('container', 'ls', '--format', '{{.Names}}')).split('\n').find((one) => one.endsWith('-acme')) ?? '';
  });

  test('the container is as hardened as the rung says, and started by the digest of its image', async () => {
    const [said] = JSON.parse(await docker.run('inspect', name)) as [
      { Config: { Image: string; User: string }; HostConfig: Record<string, unknown> },
    ];
    const { Config, HostConfig } = said;
    assert.equal(Config.Image, image);
    assert.match(Config.User, /^1[2-6]\d{3}:1[2-6]\d{3}$/);
    const { ReadonlyRootfs, CapDrop, SecurityOpt, PidsLimit, Memory, MemorySwap, NanoCpus, NetworkMode, PortBindings } = HostConfig;
    assert.deepEqual([ReadonlyRootfs, CapDrop, SecurityOpt, PidsLimit], [true, ['ALL'], ['no-new-privileges'], 512]);
    assert.deepEqual([Memory, MemorySwap, NanoCpus], [2 ** 31, 2 ** 31, 2e9]);
    assert.deepEqual([NetworkMode, PortBindings], [name, {}]);
    const { stdout } = await fleet.run('exec', 'acme', '--', 'cat', '/proc/self/status');
    for (const line of [/^CapBnd:\s0+$/m, /^NoNewPrivs:\s1$/m, /^Seccomp:\s2$/m]) assert.match(stdout, line);
  });

  test('status and logs tell of a container as of any tenant', async () => {
    const { stdout, exit } = await fleet.run('status', '--json');
    assert.equal(exit, 0, stdout);
    const { tenants } = JSON.parse(stdout) as { tenants: { state: string; version: string }[] };
    assert.deepEqual(
      tenants.map(({ state, version }) => [state, version]),
      TENANTS.map(() => ['running', '2026.9.6']),
    );
    assert.match((await fleet.run('logs', 'acme')).stdout, /gateway/);
  });

  test('verify passes over all six ordered pairs, audited and attacked from inside', async () => {
    const { report } = await fleet.verify();
    keepReport('container', report);
    assertHeld(report);
    assert.deepEqual(report.pairs, { attacked: 6, of: 6 });
    for (const { container, rung, audit } of report.facts.tenants) {
      assert.equal(container.known && container.value?.engine, rung === 'container' ? 'docker' : undefined);
      assert.ok(audit.known);
    }
  });

  test('a service of the host on every address is out of reach, and in reach without the rules', async () => {
    const { stdout: hosts } = await fleet.run('exec', 'acme', '--', 'cat', '/etc/hosts');
    const address = /^([0-9.]+) host\.bh$/m.exec(hosts)?.[1] ?? assert.fail(hosts);
    world.start([
      'perl',
      '-MIO::Socket::INET',
      '-e',
      'my $s=IO::Socket::INET->new(Listen=>9,LocalAddr=>"0.0.0.0",LocalPort=>8199) or die; while(my $c=$s->accept){ print $c "decoy\\n"; close $c }',
    ]);
    // One program that goes on trying: a command of its own each time would be slower than the guard, which looks every two seconds.
    let isOver = false;
    const trying = fleet.run('exec', 'acme', '--', 'perl', '-MIO::Socket::INET', '-e', TRY, address).finally(() => (isOver = true));
    // The guard puts the rules back within two seconds, which one try may take: they are taken away until a try fell between.
    for (let times = 0; times < 20 && !isOver; times += 1) {
      await sleep(5000);
      await fleet.host('nft', 'delete', 'table', 'inet', name.slice(0, -'-acme'.length));
    }
    const { stdout } = await trying;
    assert.match(stdout, /^r+d[dr]*r{3}\n$/, 'refused, in reach while there were no rules, refused again');
  });

  test('other containers’ networks, and the addresses of clouds, are out of reach', async () => {
    const { stdout } = await fleet.run('exec', 'globex', '--', 'cat', '/etc/hosts');
    const other = /^([0-9.]+) host\.bh$/m.exec(stdout)?.[1] ?? assert.fail(stdout);
    for (const target of [`${other}:8177`, '169.254.169.254:80', '172.17.0.1:2375']) {
      const { exit } = await fleet.run('exec', 'acme', '--', 'curl', '-s', '-m', '3', `http://${target}/`);
      assert.equal(exit, 7, target);
    }
  });

  for (const { what, words, finding } of [
    { what: 'the data of another tenant mounted', words: ['--volume', 'GLOBEX:/mnt/other'], finding: 'path.bind-mount' },
    { what: 'the engine’s socket mounted', words: ['--volume', '/run/docker.sock:/run/docker.sock'], finding: 'container.socket-mounted' },
    { what: 'a port published on every address', words: ['--publish', '0.0.0.0:8321:18789'], finding: 'container.port-published' },
    { what: '--privileged', words: ['--privileged'], finding: 'container.privileged' },
  ]) {
    test(`${what} is found by name`, async () => {
      assert.equal((await fleet.run('stop', 'acme')).exit, 0);
      const extra = words.map((word) => word.replace('GLOBEX', join(fleet.stateDir, 'tenants/globex')));
      await startedByHand(extra);
      const { exit, report } = await fleet.verify('--no-probes', '--no-audit');
      assert.ok(failed(report).includes(finding), failed(report).join());
      assert.notEqual(exit, 0);
      assert.equal((await fleet.run('start', 'acme')).exit, 0);
    });
  }

  test('restarted by its supervisor it is as declared again', async () => {
    const { report } = await fleet.verify('--no-probes', '--no-audit');
    assert.deepEqual(failed(report), []);
  });

  test('a container of our name that is somebody else’s stops apply, and stays', async () => {
    assert.equal((await fleet.run('stop', 'acme')).exit, 0);
    await docker.run('container', 'create', '--name', name, image, 'true');
    const { exit, stderr } = await fleet.run('apply', 'acme');
    assert.equal(exit, 5, stderr);
    assert.match(stderr, /acme on local: docker has a container .* that is not this tenant's; nothing was changed/);
    await docker.run('container', 'rm', name);
    assert.equal((await fleet.run('start', 'acme')).exit, 0);
  });

  test('remove leaves nothing', async () => {
    for (const { id } of TENANTS) {
      const { exit, stderr } = await fleet.run('remove', id, '--confirm', id);
      assert.equal(exit, 0, stderr);
    }
    const instance = name.slice(0, -'-acme'.length);
    const left = [
      await docker.run('container', 'ls', '--all', '--format', '{{.Names}}'),
      await docker.run('network', 'ls', '--filter', `label=org.bulkhead.instance=${instance}`, '--format', '{{.Name}}'),
      (await fleet.host('ip', '-o', 'link', 'show'))
        .split('\n')
        .filter((line) => line.includes(instance))
        .join(),
      (await fleet.host('nft', 'list', 'tables'))
        .split('\n')
        .filter((line) => line.includes(instance))
        .join(),
      readFileSync(join(world.root, 'etc/passwd'), 'utf8')
        .split('\n')
        .filter((line) => line.startsWith(instance))
        .join(),
    ];
    assert.deepEqual(
      left,
      left.map(() => ''),
    );
  });

  /** As the supervisor starts it, with more words before the image; in the background. */
  async function startedByHand(extra: readonly string[]): Promise<void> {
    const definition = JSON.parse(readFileSync(join(fleet.stateDir, 'supervisor/services', `${name}.json`), 'utf8')) as { argv: string[] };
    const words = definition.argv.slice(definition.argv.indexOf('run') + 1);
    const at = words.indexOf(image);
    await docker.run('run', '--detach', ...words.slice(0, at), ...extra, ...words.slice(at));
    await sleep(1000);
  }
});
