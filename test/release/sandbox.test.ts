/** OpenClaw's own sandboxes with an engine per tenant: two real gateways, agents that run commands, engines that are opened to the wrong ones, and removal. */
import assert from 'node:assert/strict';
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { startModels } from '../../src/demo/models.ts';
import type { ReportDocument } from '../../src/report/json.ts';
import { keepReport, trial, type Trial } from '../support/bulkhead.ts';
import { carrySocket } from '../support/carry-socket.ts';
import { builtImage, keepIn } from '../support/container-image.ts';
import { requires } from '../support/requires.ts';
import { assertHeld } from '../support/verdicts.ts';

const PROGRAMS = [
  'bwrap',
  'nft',
  'ip',
  'nsenter',
  'setpriv',
  'perl',
  'useradd',
  'dockerd',
  'containerd',
  'runc',
  'docker',
  'docker-init',
  'mmdebstrap',
];
const skip = requires({ root: true, linux: true, openclaw: true, programs: PROGRAMS });
const MODEL_PORT = 8186;
const SOCKET = '/run/engine/docker.sock';
const IMAGE = 'openclaw-sandbox:bookworm-slim';
/** Ids of engines begin here. */
const SUBORDINATE = 0x7000_0000;

describe('two tenants with sandboxes', { skip, timeout: 2_400_000 }, () => {
  let here: Trial;
  let models: { close(): Promise<void> } | undefined;
  let server: Server | undefined;
  let uid = 0;

  const manifest = (sandboxOfGlobex: string): string => {
    const tenant = (id: string, sandbox: string): string => `  ${id}:
    boundary: { owner: ${id}@example.test, data: tickets of ${id}, members: [${id}@example.test] }
    isolation: os-user
    sandbox: ${sandbox}
    policy: operator
    models: { scripted: { apiKey: { file: ${here.folder}/keys/${id}.key }, baseUrl: "http://host.bh:${MODEL_PORT}/v1", model: scripted-1 } }
    egress: none
    allow: ["tcp:host:${MODEL_PORT}"]
`;
    return `fleet: sandboxes
trust: clients
hosts: { local: { admins: [{ name: ops, how: root }] } }
tenants:
${tenant('acme', 'all')}${tenant('globex', sandboxOfGlobex)}namedRisks:
  - { item: host-admins, tenants: [acme, globex], risk: Whoever administers this machine can read everything, owner: ops@example.test, until: 2099-01-01 }
`;
  };
  const inside = async (tenant: string, ...argv: readonly string[]): Promise<string> => {
    const { exit, stdout, stderr } = await here.run('exec', tenant, '--', ...argv);
    assert.equal(exit, 0, `${argv.join(' ')}: ${stderr}`);
    return stdout;
  };
  const verify = async (...flags: readonly string[]): Promise<{ exit: number | null; report: ReportDocument }> => {
    const { exit, stdout, stderr } = await here.run('verify', '--json', ...flags);
    assert.ok(stdout.startsWith('{'), stderr);
    return { exit, report: JSON.parse(stdout) as ReportDocument };
  };
  const failed = ({ findings }: ReportDocument): readonly string[] =>
    findings.filter(({ verdict }) => verdict === 'fail').map(({ id, tenants }) => `${id} ${tenants.join()}`);
  const gatewayOf = async (tenant: string): Promise<{ pid: number; port: number }> => {
    const { stdout } = await here.run('status', '--json');
    const { tenants } = JSON.parse(stdout) as { tenants: { tenant: string; pid: number; port: number }[] };
    return tenants.find((one) => one.tenant === tenant) ?? assert.fail(stdout);
  };
  /** What a command says that the tenant's real agent runs. */
  const commanded = async (tenant: string, command: string): Promise<string> => {
    const { port } = await gatewayOf(tenant);
    const token = readFileSync(join(here.stateDir, 'secrets', tenant, 'gateway-token'), 'utf8').trim();
    const content = `TOOL exec ${JSON.stringify({ command })} ENDTOOL`;
    const answer = await fetch(`http://127.0.0.1:${port}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'openclaw', messages: [{ role: 'user', content }] }),
      signal: AbortSignal.timeout(180_000),
    });
    const said = (await answer.json()) as { choices?: { message: { content: string } }[] };
    return said.choices?.[0]?.message.content ?? assert.fail(JSON.stringify(said));
  };
  const untilHealthy = async (port: number): Promise<void> => {
    for (let tries = 0; tries < 600; tries += 1) {
      const answer = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined);
      if (answer?.ok === true) return;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    assert.fail('the gateway does not answer');
  };
  const inSubordinates = (): readonly string[] =>
    ['/etc/subuid', '/etc/subgid'].flatMap((path) =>
      readFileSync(path, 'utf8')
        .split('\n')
        .filter((line) => line.startsWith(`${instance()}-`)),
    );
  const instance = (): string => readdirSync(join(here.stateDir, 'boundary'))[0]?.replace(/-[a-z]+$/, '') ?? assert.fail('nothing is built');

  before(() => {
    here = trial();
    for (const tenant of ['acme', 'globex']) here.write(`keys/${tenant}.key`, `planted-model-key-of-${tenant}`);
    here.write('bulkhead.yaml', manifest('all'));
  });
  after(async () => {
    await models?.close();
    server?.close();
    await here.end(['acme', 'globex']);
  });

  test('without an image of sandboxes the plan says which command is missing', async () => {
    const { exit, stderr } = await here.run('plan');
    assert.equal(exit, 5, stderr);
    assert.match(stderr, /acme on local: sandbox: all, and no image of sandboxes is pinned\n\s+fix: bulkhead image build --sandbox/);
  });

  test('apply gives each an engine, and a second one has nothing to do', async () => {
    keepIn(here.stateDir, await builtImage('sandbox'), 'sandbox');
    const built = await here.run('apply', '--json');
    assert.equal(built.exit, 0, built.stderr + built.stdout);
    const again = await here.run('apply', '--json');
    assert.equal((JSON.parse(again.stdout) as { steps: number }).steps, 0, again.stdout);
    const hosts = await Promise.all(['acme', 'globex'].map(async (tenant) => await inside(tenant, 'cat', '/etc/hosts')));
    const addresses = hosts.map((text) => /^([0-9.]+) host\.bh$/m.exec(text)?.[1] ?? assert.fail(text));
    models = await startModels(addresses, MODEL_PORT);
    const ranges = inSubordinates().map((line) => line.split(':').map(Number));
    assert.equal(ranges.length, 4);
    assert.deepEqual(
      ranges.map(([, first = 0, count]) => first >= SUBORDINATE && count === 65_536),
      [true, true, true, true],
    );
    assert.equal(new Set(ranges.map(([, first]) => first)).size, 2, 'no range is shared');
  });

  test('an agent’s command runs in a container of the tenant’s own engine, and sees the workspace and nothing else of its gateway', async () => {
    uid = Number(await inside('acme', 'id', '-u'));
    await inside('acme', 'sh', '-c', 'echo for-the-agent > note.txt');
    const config = join(here.stateDir, 'tenants/acme/config/openclaw.json');
    const said = await commanded(
      'acme',
      `id -u; hostname; cat note.txt; cat /proc/self/status; ls ${join(here.stateDir, 'tenants/acme')}; ls /run; cat ${config}`,
    );
    const id = (await inside('acme', 'docker', 'container', 'ls', '--quiet')).trim();
    assert.match(id, /^[0-9a-f]{12}$/, 'one container runs');
    for (const line of [`GOT ${uid}`, id, 'for-the-agent', 'CapBnd:\t0000000000000000', 'NoNewPrivs:\t1', 'Seccomp:\t2'])
      assert.ok(said.split('\n').includes(line), `${line} in: ${said}`);
    assert.match(said, /^workspace$/m);
    assert.doesNotMatch(said, /^(?:config|state|home|engine)$/m);
    assert.match(said, /openclaw\.json: No such file or directory/);
    assert.equal((await inside('globex', 'docker', 'container', 'ls', '--all', '--quiet')).trim(), '', 'the other engine has none');
  });

  test('whoever may ask the engine gets what the tenant sees, and no more', async () => {
    const look = `id -u; ls /host/etc/passwd /host${here.stateDir}/tenants; cat /host/etc/passwd; ls /host/etc/shadow /host${here.stateDir}/tenants/globex /host${here.stateDir}/bulkhead.db; touch /host/usr/mine; mount -o remount,rw /host/usr`;
    const { stdout, stderr } = await here.run(
      'exec',
      'acme',
      '--',
      'docker',
      'run',
      '--rm',
      '--user=0:0',
      '--cap-add=ALL',
      '--volume=/:/host',
      IMAGE,
      'sh',
      '-c',
      look,
    );
    const said = stdout + stderr;
    assert.match(stdout, /^0\n/, 'it is root in the container');
    assert.match(stdout, /^acme$/m, 'and sees the tenant’s own root directory');
    assert.doesNotMatch(stdout, /^globex$|^daemon:/m);
    for (const refused of [
      /etc\/shadow': No such file/,
      /tenants\/globex': No such file/,
      /bulkhead\.db': No such file/,
      /usr\/mine': Read-only file system/,
      /permission denied/,
    ])
      assert.match(said, refused);
  });

  test('engine and sandboxes are in the tenant’s own control groups', () => {
    const groups = ['memory', 'pids', 'cpu'].map((controller) => `/sys/fs/cgroup/${controller}/${instance()}/${instance()}-acme/cgroup.procs`);
    const files = groups.filter((file) => existsSync(file));
    const joined = files.length > 0 ? files : [`/sys/fs/cgroup/${instance()}/${instance()}-acme/cgroup.procs`];
    for (const file of joined) {
      const names = readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .map((pid) => readFileSync(`/proc/${pid}/comm`, 'utf8').trim());
      for (const name of ['dockerd', 'containerd', 'docker-init', 'sleep']) assert.ok(names.includes(name), `${name} in ${file}: ${names.join()}`);
    }
  });

  test('the other tenant’s user is refused at the socket, and does not see the store', async () => {
    const { pid } = await gatewayOf('acme');
    const other = (await inside('globex', 'id', '-u')).trim();
    const connect =
      'use Socket; socket(my $s,PF_UNIX,SOCK_STREAM,0) or die; print connect($s,sockaddr_un($ARGV[0])) ? "open" : $!{EACCES} ? "EACCES" : $!';
    const tried = async (as: string): Promise<string> => {
      const path = `/proc/${pid}/root${SOCKET}`;
      return (await here.host('setpriv', '--reuid', as, '--regid', as, '--clear-groups', 'perl', '-MErrno', '-e', connect, path)).stdout;
    };
    assert.equal(await tried(other), 'EACCES');
    assert.equal(await tried('0'), 'open', 'root may, so that something listens');
    const { exit, stderr } = await here.run('exec', 'globex', '--', 'ls', join(here.stateDir, 'engines/acme'));
    assert.notEqual(exit, 0);
    assert.match(stderr, /No such file or directory/);
  });

  test('an engine that dies comes back, and its sandboxes with it', async () => {
    const [first] = await engines();
    assert.equal((await here.host('kill', '-9', String(first))).exit, 0);
    let again: number | undefined;
    for (let tries = 0; tries < 100 && again === undefined; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      again = (await engines()).find((pid) => pid !== first);
    }
    assert.ok(again, 'another engine');
    assert.match(await commanded('acme', 'hostname'), /GOT [0-9a-f]{12}/);
  });

  test('verify passes from inside and outside, and knows the engines as the tenants’ own', async () => {
    const { report } = await verify('--no-audit');
    keepReport('sandbox', report);
    assertHeld(report, { audited: false });
    for (const { tenant, surroundings } of report.facts.tenants) {
      const { ownEngines, engineSockets } = (surroundings.known ? surroundings.value : null) ?? assert.fail(tenant);
      assert.deepEqual([ownEngines, engineSockets], [[SOCKET], []], tenant);
    }
    const told = report.probes.filter(({ id }) => ['agent.sandbox', 'runtime.socket'].includes(id));
    assert.deepEqual(
      told.map(({ verdict, positiveControl, negativeControl }) => [verdict, positiveControl.held, negativeControl.held]),
      told.map(() => ['contained', true, true]),
    );
    assert.equal(told.length, 4);
    assert.match(told.find(({ id }) => id === 'agent.sandbox')?.detail ?? '', /the file does not exist in its file system/);
    assert.match(told.find(({ id }) => id === 'runtime.socket')?.detail ?? '', /engine at \$DOCKER_HOST: OWN-ENGINE/);
  });

  test('an engine of the host in the place of the own one is found by name, and gets through', async () => {
    const path = join(here.folder, 'docker.sock');
    server = createServer((_asked, answer) => answer.end('OK'));
    await new Promise<void>((resolve) => server?.listen(path, resolve));
    chmodSync(path, 0o666);
    const { pid } = await gatewayOf('acme');
    const restore = await carrySocket(here, { from: process.pid, path, to: pid, target: SOCKET });
    const { exit, report } = await verify('--no-audit');
    await restore();
    assert.equal(exit, 4, failed(report).join());
    assert.ok(failed(report).includes('container.socket-mounted acme'), failed(report).join());
    assert.match(report.probes.find(({ id, attacker }) => id === 'runtime.socket' && attacker === 'acme')?.detail ?? '', /docker\.sock accepts it/);
    assert.ok(!failed(report).includes('container.socket-mounted globex'));
  });

  test('the engine of the other tenant is found by name', async () => {
    const [from, to] = [(await gatewayOf('globex')).pid, (await gatewayOf('acme')).pid];
    chmodSync(`/proc/${from}/root${SOCKET}`, 0o666);
    const restore = await carrySocket(here, { from, path: SOCKET, to, target: SOCKET });
    const { exit, report } = await verify('--no-probes', '--no-audit');
    await restore();
    chmodSync(`/proc/${from}/root${SOCKET}`, 0o660);
    assert.equal(exit, 1, failed(report).join());
    assert.ok(failed(report).includes('container.socket-mounted acme'), failed(report).join());
    const clean = await verify('--no-probes', '--no-audit');
    assert.deepEqual(failed(clean.report), []);
  });

  test('commands that a config sends past the sandbox are found in the config, and by running one', async () => {
    const path = join(here.stateDir, 'tenants/acme/config/openclaw.json');
    const config = readFileSync(path, 'utf8');
    assert.equal((await here.run('stop', 'acme')).exit, 0);
    writeFileSync(path, config.replace(/"host": "sandbox"/, '"host": "gateway"'));
    assert.equal((await here.run('start', 'acme')).exit, 0);
    await untilHealthy((await gatewayOf('acme')).port);
    const { exit, report } = await verify('--no-audit');
    const ran = report.probes.find(({ id, attacker }) => id === 'agent.sandbox' && attacker === 'acme');
    assert.match(ran?.detail ?? '', /obtained the canary/);
    assert.equal(exit, 4, failed(report).join());
    for (const finding of ['policy.exec-past-sandbox acme', 'agent.sandbox acme,globex'])
      assert.ok(failed(report).includes(finding), failed(report).join());
    assert.equal((await here.run('apply', '--json')).exit, 0);
    assert.deepEqual(failed((await verify('--no-probes', '--no-audit')).report), []);
  });

  test('a sandbox that the manifest no longer asks for is taken away, and remove leaves nothing', async () => {
    const name = instance();
    here.write('bulkhead.yaml', manifest('off'));
    const { exit, stderr } = await here.run('apply', '--json');
    assert.equal(exit, 0, stderr);
    assert.deepEqual(readdirSync(join(here.stateDir, 'engines')), ['acme']);
    assert.equal(inSubordinates().length, 2);
    assert.match(await inside('globex', 'sh', '-c', 'ls /run/engine 2>&1 || true; echo $DOCKER_HOST'), /No such file or directory\n\n$/);
    for (const tenant of ['acme', 'globex']) assert.equal((await here.run('remove', tenant, '--confirm', tenant)).exit, 0);
    assert.deepEqual(readdirSync(join(here.stateDir, 'engines')), []);
    const left = ['/etc/subuid', '/etc/subgid', '/etc/passwd']
      .flatMap((path) => readFileSync(path, 'utf8').split('\n'))
      .filter((line) => line.startsWith(name));
    assert.deepEqual(left, []);
    const groups = ['memory', 'pids', 'cpu', 'devices']
      .map((controller) => `/sys/fs/cgroup/${controller}/${name}`)
      .filter((path) => existsSync(path));
    assert.deepEqual(groups, []);
    assert.deepEqual(await engines(), []);
  });

  /** Host pids of acme's engine: its command line says whose group may ask it. */
  async function engines(): Promise<readonly number[]> {
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return pids
      .filter((pid) => {
        try {
          const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
          return words[0] === 'dockerd' && words.includes(`--group=${uid}`);
        } catch {
          return false; // it ended meanwhile
        }
      })
      .map(Number);
  }
});
