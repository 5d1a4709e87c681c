/** The main job over three machines: an OS user on one, a container on another, a tenant alone on the third, over sudo; each machine broken in turn. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import type { CommandResult } from '../../src/core/command.ts';
import type { ReportDocument } from '../../src/report/json.ts';
import type { StatusRow } from '../../src/report/status-text.ts';
import { localHost } from '../../src/hosts/local.ts';
import { keepReport, trial, type Trial } from '../support/bulkhead.ts';
import { builtImage, keepIn, type BuiltImage } from '../support/container-image.ts';
import { NETWORK_PROGRAMS, startMachineNetwork, type MachineNetwork, type NetworkedMachine } from '../support/machine-network.ts';
import { requires, testInstall } from '../support/requires.ts';
import { assertHeld } from '../support/verdicts.ts';

const skip = requires({ root: true, linux: true, programs: NETWORK_PROGRAMS, openclaw: true });
const TENANTS = {
  acme: { host: 'edge-1', isolation: 'os-user' },
  globex: { host: 'edge-2', isolation: 'container' },
  initech: { host: 'edge-3', isolation: 'host' },
} as const;
const NAMES = Object.keys(TENANTS) as (keyof typeof TENANTS)[];
const HOSTS = ['edge-1', 'edge-2', 'edge-3'] as const;
const ALL_RUN = { 'acme on edge-1': 'running', 'globex on edge-2': 'running', 'initech on edge-3': 'running' };
const never = new AbortController().signal;
const install = testInstall();
/** Where another machine's install lies. */
const runtime = `/var/lib/bulkhead/runtime/openclaw-${install.version}`;

function manifest(keys: string): string {
  const tenants = NAMES.map(
    (name) => `  ${name}:
    boundary: { owner: ${name}@example.test, data: Tickets of ${name}, members: [staff@${name}.example.test] }
    host: ${TENANTS[name].host}
    isolation: ${TENANTS[name].isolation}
    policy: support
    egress: none
    models:
      anthropic: { apiKey: { file: ${keys}/${name}.key } }
    limits: { memory: 2GiB, cpu: 1.0, pids: 300 }
`,
  );
  return `fleet: three-machines
trust: clients
hosts:
  edge-1: { ssh: edge-1, admins: [{ name: ops@example.test, how: root }] }
  edge-2: { ssh: edge-2, admins: [{ name: ops@example.test, how: root }] }
  edge-3: { ssh: ops@edge-3, become: sudo, admins: [{ name: ops@example.test, how: sudo }] }
tenants:
${tenants.join('')}namedRisks:
  - { item: host-admins, tenants: [${NAMES.join(', ')}], risk: Our administrators can read everything of all., owner: ops@example.test, until: 2099-01-01 }
  - { item: machine, tenants: [initech], risk: Machines of tests are containers on one kernel., owner: ops@example.test, until: 2099-01-01 }
`;
}

describe('three clients on three machines', { skip, timeout: 1_800_000 }, () => {
  let network: MachineNetwork;
  let fleet: Trial;
  let image: BuiltImage;
  const machines = new Map<string, NetworkedMachine>();
  const bulkhead = (...argv: readonly [string, ...string[]]): Promise<CommandResult> =>
    localHost({ environment: { BULKHEAD_SSH_CONFIG: network.config } }).run(
      { title: argv[0], argv: fleet.argv(...argv), timeoutMs: 400_000, passEnvironment: ['HOME', 'PATH', 'NODE_EXTRA_CA_CERTS'] },
      never,
    );
  const said = async <T>(...argv: readonly [string, ...string[]]): Promise<T> => {
    const { stdout, stderr, exit } = await bulkhead(...argv);
    try {
      return JSON.parse(stdout) as T;
    } catch {
      return assert.fail(`${argv.join(' ')}: exit ${exit}\n${stdout}\n${stderr}`);
    }
  };
  const one = (name: (typeof HOSTS)[number]): NetworkedMachine => machines.get(name) ?? assert.fail(`${name} did not boot`);
  /** What a program on a machine prints; it must succeed. */
  const on = async (name: (typeof HOSTS)[number], ...argv: readonly [string, ...string[]]): Promise<string> => {
    const { exit, stdout, stderr } = await one(name).run(argv);
    assert.equal(exit, 0, `${argv.join(' ')}: ${stderr}`);
    return stdout;
  };
  const steps = async (): Promise<number> => {
    const { exit, stdout, stderr } = await bulkhead('apply', '--json');
    assert.equal(exit, 0, `${stdout}\n${stderr}`);
    return (JSON.parse(stdout) as { steps: number }).steps;
  };
  const states = async (): Promise<Readonly<Record<string, string>>> => {
    const { tenants } = await said<{ tenants: readonly StatusRow[] }>('status', '--json');
    return Object.fromEntries(tenants.map(({ tenant, host, state }) => [`${tenant} on ${host}`, state]));
  };
  /** What fails, by check and tenant, and what is an accepted risk. Exit 3 where it is nothing: what was not audited and not attacked is not verified. */
  const failing = async (): Promise<{ readonly failed: readonly string[]; readonly accepted: readonly string[] }> => {
    const report = await said<ReportDocument>('verify', '--json', '--no-audit', '--no-probes');
    const lines = (of: readonly { readonly id: string; readonly tenants: readonly string[] }[]): readonly string[] =>
      [...new Set(of.map(({ id, tenants }) => `${id}: ${tenants.join(', ')}`))].toSorted();
    const failed = lines(report.findings.filter(({ verdict }) => verdict === 'fail'));
    assert.equal(report.exitCode, failed.length === 0 ? 3 : 1, JSON.stringify(report.findings.filter(({ verdict }) => verdict === 'unknown')));
    return { failed, accepted: lines(report.acceptedRisks) };
  };

  before(async () => {
    image = await builtImage();
    network = await startMachineNetwork();
    const binds = { [install.root]: runtime };
    machines.set('edge-1', await network.boot('edge-1', { binds }));
    machines.set('edge-2', await network.boot('edge-2', { binds, kind: 'engines', disks: ['/var/lib/docker'] }));
    machines.set('edge-3', await network.boot('edge-3', { binds }));
    // sudo takes core dumps away, which root gives back only with CAP_SYS_RESOURCE.
    await one('edge-3').write('/etc/sudo.conf', 'Set disable_coredump false\n');
    await one('edge-3').write('/etc/sudoers.d/limits', 'Defaults rlimit_core=default\n');
    fleet = trial();
    for (const name of NAMES) fleet.write(`keys/${name}.key`, `planted-model-key-of-${name}`);
    fleet.write('bulkhead.yaml', manifest(`${fleet.folder}/keys`));
  });
  after(async () => {
    await fleet?.end([]);
    await network?.end();
  });

  test('without an image here, the plan says which command is missing', async () => {
    const { exit, stderr } = await bulkhead('plan');
    assert.equal(exit, 5, stderr);
    assert.match(stderr, /globex on edge-2: no image is pinned\n\s+fix: bulkhead image build/);
  });

  test('a cable that is pulled while the image is on its way is an error of that machine alone, and the next apply goes on', async () => {
    keepIn(fleet.stateDir, image);
    const argv = fleet.argv('apply');
    const child = spawn(argv[0], argv.slice(1), { env: { ...process.env, BULKHEAD_SSH_CONFIG: network.config }, stdio: ['ignore', 'pipe', 'pipe'] });
    let told = '';
    child.stderr.on('data', (chunk: Buffer) => void (told += chunk.toString()));
    const ended = new Promise((resolve) => child.once('close', resolve));
    while (!told.includes('bring the image') && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 100));
    await one('edge-2').unplug();
    assert.equal(await ended, 3, told);
    assert.match(told, /edge-2/);
    // Side by side, since each waits for the machine that does not answer.
    const [seen, report] = await Promise.all([states(), said<ReportDocument>('verify', '--json', '--no-audit', '--no-probes')]);
    assert.deepEqual(seen, { ...ALL_RUN, 'globex on edge-2': 'unknown' });
    assert.equal(report.exitCode, 3);
    assert.ok(
      report.findings.some(({ tenants, verdict, message }) => tenants.includes('globex') && verdict === 'unknown' && message.includes('edge-2')),
    );
    await one('edge-2').plug();
    assert.equal(await on('edge-2', 'docker', 'image', 'ls', '--quiet'), '');
    assert.ok((await steps()) > 0);
    assert.deepEqual(await states(), ALL_RUN);
    assert.equal(await steps(), 0);
    assert.equal(await on('edge-2', 'docker', 'image', 'ls', '--no-trunc', '--quiet'), `${image.id}\n`);
  });

  test('verify attacks every ordered pair across the machines, audits inside each, and every attack holds', async () => {
    const report = await said<ReportDocument>('verify', '--json');
    keepReport('hosts', report);
    assertHeld(report);
    assert.ok(report.acceptedRisks.some(({ id, tenants }) => id === 'host.not-a-machine' && tenants.includes('initech')));
    assert.ok(report.findings.some(({ id, verdict }) => id === 'host.not-alone' && verdict === 'pass'));
    assert.deepEqual(report.pairs, { attacked: 6, of: 6 });
    for (const { tenant, rung, audit, container } of report.facts.tenants) {
      assert.equal(rung, TENANTS[tenant as keyof typeof TENANTS].isolation);
      assert.ok(audit.known, tenant);
      assert.equal(container.known && container.value?.engine, tenant === 'globex' ? 'docker' : undefined);
    }
    for (const victim of NAMES) {
      const reached = report.probes.filter((probe) => probe.id === 'gateway.reach' && probe.victim === victim);
      assert.equal(reached.length, NAMES.length - 1);
      for (const { verdict, positiveControl, negativeControl, detail } of reached) {
        assert.deepEqual([verdict, positiveControl.held, negativeControl.held], ['contained', true, true], detail);
        assert.ok(detail.includes(one(TENANTS[victim].host).address), detail);
      }
    }
  });

  test('a tree that is opened on edge-1 is found from here', async () => {
    const tree = (await on('edge-1', 'find', '/var/lib', '-maxdepth', '3', '-path', '*/tenants/acme')).trim();
    await on('edge-1', 'chmod', '-R', 'a+rX', '--', tree);
    const { failed } = await failing();
    await on('edge-1', 'chmod', '-R', 'go-rwx', '--', tree);
    // A gateway that had something to warn of has a log by now.
    assert.deepEqual(
      failed.filter((line) => line !== 'log.readable: acme'),
      ['fs.perms-cross: acme'],
    );
  });

  test('a container on edge-2 that has the engine’s socket and a published port is found, and the next apply makes it as declared', async () => {
    const client = (await on('edge-2', 'pgrep', '--full', '^docker run ')).trim();
    const words = (await on('edge-2', 'cat', `/proc/${client}/cmdline`)).split('\0').slice(0, -1);
    assert.equal((await bulkhead('stop', 'globex')).exit, 0);
    const at = words.indexOf('run') + 1;
    const more = ['--detach', '--volume', '/run/docker.sock:/run/docker.sock', '--publish', '0.0.0.0:8321:18789'];
    await on('edge-2', 'docker', ...words.slice(1, at), ...more, ...words.slice(at));
    assert.deepEqual((await failing()).failed, ['container.port-published: globex', 'container.socket-mounted: globex']);
    assert.ok((await steps()) > 0);
  });

  test('a second gateway on edge-3, where one is to be alone, and a key there that opens edge-1, are found', async () => {
    const openclaw = [
      `${runtime}/bin/node`,
      `${runtime}/node_modules/openclaw/openclaw.mjs`,
      'gateway',
      'run',
      '--allow-unconfigured',
      '--port',
      '28789',
    ];
    await on('edge-3', 'systemd-run', '--quiet', '--unit=second', '--uid=ops', '--setenv=HOME=/home/ops', '--', ...openclaw);
    const [user = '', , , , , home = ''] = /^bh.*$/m.exec(await on('edge-3', 'getent', 'passwd'))?.[0].split(':') ?? [];
    await on('edge-3', 'install', '-d', '-m', '0700', `${home}/.ssh`);
    await on('edge-3', 'ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', `${home}/.ssh/id_ed25519`);
    await on('edge-3', 'chown', '-R', `${user}:`, `${home}/.ssh`);
    const doors = '/root/.ssh/authorized_keys';
    const asItWas = await on('edge-1', 'cat', doors);
    await one('edge-1').write(doors, asItWas + (await on('edge-3', 'cat', `${home}/.ssh/id_ed25519.pub`)));
    for (let tries = 0; (await one('edge-3').run(['pgrep', '--uid', 'ops', '--exact', 'openclaw-gatewa'])).exit !== 0; tries += 1) {
      assert.ok(tries < 200, (await one('edge-3').run(['journalctl', '--unit=second', '--no-pager'])).stdout);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    const { failed, accepted } = await failing();
    assert.deepEqual(failed, ['os.login-shell-sharing: initech']);
    // The manifest accepts that its machine is none of its own: told all the same.
    assert.ok(accepted.includes('host.other-gateways: initech'), accepted.join());
    await on('edge-3', 'systemctl', 'stop', 'second');
    await on('edge-3', 'rm', '-r', '--', `${home}/.ssh`);
    await one('edge-1').write(doors, asItWas);
    const restored = await failing();
    assert.deepEqual([restored.failed, restored.accepted.includes('host.other-gateways: initech')], [[], false]);
    assert.equal(await steps(), 0);
  });

  test('after edge-2 booted again its container comes back by itself, behind its rules', async () => {
    await one('edge-2').reboot();
    for (let tries = 0; JSON.stringify(await states()) !== JSON.stringify(ALL_RUN); tries += 1) {
      assert.ok(tries < 180, await on('edge-2', 'journalctl', '--no-pager', '--lines=30'));
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
    assert.deepEqual((await failing()).failed, []);
    // A directory below /run, which no container of Docker's needs.
    assert.ok((await steps()) <= 1);
    assert.equal(await steps(), 0);
  });

  test('remove leaves nothing of a tenant on its machine', async () => {
    const places = ['/etc/systemd/system', '/run/netns', '/var/lib'];
    for (const name of NAMES) assert.equal((await bulkhead('remove', name, '--confirm', name)).exit, 0);
    for (const name of HOSTS) {
      const left = (await one(name).run(['find', ...places, '-maxdepth', '3', '-name', 'bh*-*', '-not', '-path', '*/runtime/*'])).stdout;
      assert.equal(left, '', `${name}: ${left}`);
      assert.doesNotMatch((await one(name).run(['cat', '/etc/passwd'])).stdout, /^bh/m);
      assert.doesNotMatch((await one(name).run(['nft', 'list', 'tables'])).stdout, /bh/);
    }
    assert.equal(await on('edge-2', 'docker', 'container', 'ls', '--all', '--quiet'), '');
    assert.doesNotMatch(await on('edge-2', 'docker', 'network', 'ls', '--format', '{{.Name}}'), /^bh/m);
  });
});
