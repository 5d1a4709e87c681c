/** The main job on real OpenClaw: two os-user tenants built, attacked, broken, restored, removed. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import type { WatchEvent } from '../../src/core/watch.ts';
import { demoManifest } from '../../src/demo/fleet.ts';
import { startModels } from '../../src/demo/models.ts';
import { openState } from '../../src/state/state.ts';
import type { ReportDocument } from '../../src/report/json.ts';
import { instanceOf, keepReport, trial, type Trial } from '../support/bulkhead.ts';
import { requires } from '../support/requires.ts';

const skip = requires({ root: true, linux: true, programs: ['bwrap', 'nft', 'ip', 'curl', 'pgrep'], openclaw: true });
const MODEL_PORT = 8177;
const KEYS = { acme: 'planted-model-key-of-acme', globex: 'planted-model-key-of-globex' } as const;

interface Plan {
  readonly commands: readonly { readonly id: string; readonly title: string; readonly argv: readonly string[]; readonly stdin?: string }[];
  readonly later: readonly string[];
}

describe('two clients on one machine', { skip, timeout: 1_800_000 }, () => {
  let here: Trial;
  let instance = '';
  let models: { close(): Promise<void> } | undefined;
  let ports: Record<string, number> = {};
  let plan: Plan | undefined;
  let runId = '';

  const verify = async (...flags: readonly string[]): Promise<ReportDocument> => {
    const result = await here.run('verify', '--json', ...flags);
    return JSON.parse(result.stdout) as ReportDocument;
  };
  const modelAddresses = async (): Promise<string[]> => {
    const addresses = [];
    for (const tenant of ['acme', 'globex']) {
      const { stdout } = await here.run('exec', tenant, '--', 'cat', '/etc/hosts');
      addresses.push(/^([0-9.]+) host\.bh$/m.exec(stdout)?.[1] ?? assert.fail(`${tenant} has no host.bh`));
    }
    return addresses;
  };

  before(async () => {
    here = trial();
    for (const [tenant, key] of Object.entries(KEYS)) here.write(`keys/${tenant}.key`, key);
    here.write('bulkhead.yaml', demoManifest({ rung: 'os-user', modelPort: MODEL_PORT, keys: join(here.folder, 'keys'), until: '2099-01-01' }));
    const planned = await here.run('plan', '--json');
    plan = JSON.parse(planned.stdout) as Plan;
    const built = await here.run('apply', '--json');
    assert.equal(built.exit, 0, built.stderr + built.stdout);
    runId = (JSON.parse(built.stdout) as { runId: string }).runId;
    instance = instanceOf(here.stateDir);
    models = await startModels(await modelAddresses(), MODEL_PORT);
  });
  after(async () => {
    await models?.close();
    await here.end(['acme', 'globex']);
  });

  test('what plan showed on the bare host is what apply ran, word by word', () => {
    const state = openState(join(here.stateDir, 'bulkhead.db'));
    const receipts = state.receipts({ runId });
    state.close();
    assert.deepEqual(plan?.later, []);
    const shown = plan?.commands.map(({ id, title, argv }) => ({ id, title, argv })) ?? [];
    assert.ok(shown.length > 80);
    // Waits run side by side, so their receipts come as they end.
    const byId = (one: { id: string }, other: { id: string }): number => (one.id < other.id ? -1 : 1);
    assert.deepEqual(receipts.map(({ step, title, argv }) => ({ id: step, title, argv: [...argv] })).toSorted(byId), shown.toSorted(byId));
    assert.ok(receipts.every(({ outcome }) => outcome === 'done'));
    const secrets = plan?.commands.filter(({ title }) => title.startsWith('put secrets')) ?? [];
    assert.deepEqual(
      secrets.map(({ stdin }) => stdin),
      ['(secret)', '(secret)'],
    );
  });

  test('a second apply has nothing to do', async () => {
    const again = await here.run('apply', '--json');
    assert.equal(again.exit, 0, again.stderr);
    assert.equal((JSON.parse(again.stdout) as { steps: number }).steps, 0);
  });

  test('status asks each gateway over its own listener', async () => {
    const result = await here.run('status', '--json');
    assert.equal(result.exit, 0, result.stdout);
    const { tenants } = JSON.parse(result.stdout) as { tenants: { tenant: string; state: string; version: string; port: number }[] };
    ports = Object.fromEntries(tenants.map(({ tenant, port }) => [tenant, port]));
    assert.deepEqual(
      tenants.map(({ tenant, state, version }) => [tenant, state, version]),
      [
        ['acme', 'running', '2026.9.6'],
        ['globex', 'running', '2026.9.6'],
      ],
    );
  });

  test('inside acme’s boundary, globex’s gateway, browser ports and state are refused', async () => {
    const port = ports['globex'] ?? assert.fail('globex has no port');
    for (const address of ['127.0.0.1', '[::1]']) {
      for (const target of [port, port + 11]) {
        const { exit } = await here.run('exec', 'acme', '--', 'curl', '-s', '-m', '8', `http://${address}:${target}/healthz`);
        assert.equal(exit, 7, `${address}:${target}: curl must fail to connect`);
      }
    }
    const listed = await here.run('exec', 'acme', '--', 'ls', join(here.stateDir, 'tenants/globex/state'));
    assert.match(listed.stderr, /No such file or directory/);
    const own = await here.run('exec', 'acme', '--', 'ls', join(here.stateDir, 'tenants/acme/state'));
    assert.equal(own.exit, 0);
  });

  test('a program run by exec has the tenant’s user, no capabilities and only the tenant’s environment', async () => {
    const { stdout } = await here.run('exec', 'acme', '--', 'cat', '/proc/self/status');
    assert.match(stdout, /^CapBnd:\s0+$/m);
    assert.match(stdout, /^NoNewPrivs:\s1$/m);
    assert.match(stdout, /^Seccomp:\s2$/m);
    assert.doesNotMatch(stdout, /^Uid:\s0/m);
    const { stdout: environment } = await here.run('exec', 'acme', '--', 'env');
    assert.match(environment, /^OPENCLAW_CONFIG_PATH=.*\/acme\//m);
    assert.doesNotMatch(environment, /TOKEN|planted|BULKHEAD_E2E/);
  });

  test('what a tenant prints reaches programs as it is, and a terminal escaped', async () => {
    const evil = ['exec', 'acme', '--', 'printf', '\\033]0;owned\\007'] as const;
    assert.equal((await here.run(...evil)).stdout, '\u001b]0;owned\u0007');
    const line = here.argv(...evil).map((word) => `'${word}'`);
    const { stdout } = await here.host('script', '-qec', line.join(' '), '/dev/null');
    assert.match(stdout, /\\u\{1b\}\]0;owned\\u\{7\}/);
    assert.doesNotMatch(stdout, /\u001b\]0/);
  });

  test('the end of a log is shown, escaped, whatever stands before it', async () => {
    appendFileSync(join(here.stateDir, 'logs/acme.log'), `${'x'.repeat(5 << 20)}\nthe \u001b[31mend\n`);
    const { stdout } = await here.run('logs', 'acme');
    assert.match(stdout, /^the \\u\{1b\}\[31mend$/m);
  });

  test('verify passes: every attack contained with both controls held, through real agents too', async () => {
    const report = await verify();
    keepReport('main-job', report);
    assert.equal(report.exitCode, 0, JSON.stringify(report.findings.filter(({ verdict }) => verdict !== 'pass')));
    const ids = new Set(report.probes.map(({ id }) => id));
    for (const id of [
      'files.read-state',
      'gateway.token-replay-ws',
      'gateway.pairing',
      'browser.cdp-reach',
      'process.environ',
      'agent.exec',
      'agent.write',
    ]) {
      assert.ok(ids.has(id), `${id} ran`);
    }
    const none = report.probes.filter(({ verdict }) => verdict === 'not-applicable').map(({ id }) => id);
    assert.deepEqual(
      [...new Set(none)].toSorted(),
      ['agent.browser', 'agent.message', 'agent.sandbox', 'backup.read', 'browser.profile', 'exhaust.disk'],
      'neither declares backups, a browser, sandboxes or a disk; everything else is tried',
    );
    for (const probe of report.probes.filter(({ verdict }) => verdict !== 'not-applicable')) {
      assert.equal(probe.verdict, 'contained', `${probe.id} by ${probe.attacker}`);
      assert.ok(probe.positiveControl.held && probe.negativeControl.held, `controls of ${probe.id}`);
    }
    for (const { tenant, cells } of report.matrix) {
      assert.equal(Object.keys(cells).length, 7);
      for (const [column, cell] of Object.entries(cells)) assert.ok(cell?.unique === 'yes' || cell?.unique === 'none', `${tenant} ${column}`);
    }
  });

  test('the checklist is complete, and without the named risk it is not', async () => {
    const page = await here.run('checklist', 'acme');
    assert.equal(page.exit, 0, page.stdout);
    assert.match(page.stdout, /Not isolated here/);
    const path = join(here.folder, 'bulkhead.yaml');
    const manifest = readFileSync(path, 'utf8');
    here.write('bulkhead.yaml', manifest.slice(0, manifest.indexOf('namedRisks:')));
    await verify('--no-audit', '--no-probes');
    const unnamed = await here.run('checklist', 'acme');
    here.write('bulkhead.yaml', manifest);
    assert.equal(unnamed.exit, 1, unnamed.stdout);
  });

  test('an unchanged fleet is not attacked again, and the report says so; one that changed is', async () => {
    const listeners = ({ facts }: ReportDocument): string => JSON.stringify(facts.hosts.map(({ sockets }) => sockets));
    let before = await verify('--max-age', '1h');
    let again = await verify('--max-age', '1h');
    // The first turn of an agent leaves a directory behind, and other programs of the machine may begin to listen: both are changes.
    for (let tries = 0; tries < 2 && again.attacks?.reusedFrom === undefined; tries += 1) {
      before = again;
      again = await verify('--max-age', '1h');
    }
    assert.equal(again.exitCode, 0);
    assert.ok(again.probes.length > 0);
    const reused = again.attacks?.reusedFrom !== undefined && Date.parse(again.attacks.ranAt) < Date.parse(again.startedAt);
    assert.ok(reused || listeners(again) !== listeners(before), 'attacked anew, though no listener came or went');
    const state = join(here.stateDir, 'tenants/acme/state');
    await here.host('chmod', '0711', state);
    const changed = await verify('--max-age', '1h');
    await here.host('chmod', '0700', state);
    assert.ok(changed.attacks !== undefined && changed.attacks.reusedFrom === undefined && changed.probes.length > 0);
  });

  test('a watch tells a drift, the breach that it is and its end, and ends with the exit code of its last verdict', async () => {
    const [program, ...args] = here.argv('verify', '--watch', '--json', '--no-audit', '--every', '5s');
    const watching = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    const events: WatchEvent[] = [];
    createInterface({ input: watching.stdout }).on('line', (line) => events.push(JSON.parse(line) as WatchEvent));
    const told = async (what: (event: WatchEvent) => boolean): Promise<void> => {
      for (const deadline = Date.now() + 120_000; Date.now() < deadline && !events.some(what);)
        await new Promise((resolve) => setTimeout(resolve, 100));
      assert.ok(events.some(what), JSON.stringify(events));
    };
    const paths = [join(here.stateDir, 'tenants/acme'), join(here.stateDir, 'tenants/acme/state')];
    const turns = (check: string, to: string) => (event: WatchEvent) => event.changed.some(({ id, now }) => id === check && now === to);
    try {
      // Attacks of before may be taken over, with their audits; where this one attacks itself, audits are what it does not know.
      await told(({ event, exitCode }) => event === 'verdict' && (exitCode === 0 || exitCode === 3));
      await here.host('chmod', '0755', ...paths);
      await told(turns('fs.perms-cross', 'fail'));
      await told(({ exitCode }) => exitCode === 4);
      await told(turns('files.by-user', 'fail'));
      await here.host('chmod', '0700', ...paths);
      await told(turns('fs.perms-cross', 'held'));
      await told(turns('files.by-user', 'held'));
    } finally {
      await here.host('chmod', '0700', ...paths);
      watching.kill('SIGTERM');
    }
    const [exit] = (await once(watching, 'exit')) as [number | null];
    assert.equal(exit, events.at(-1)?.exitCode);
  });

  test('without its model an agent’s attack is unknown, never a pass', async () => {
    await models?.close();
    const report = await verify('--no-audit');
    models = await startModels(await modelAddresses(), MODEL_PORT);
    assert.equal(report.exitCode, 3);
    // These tools are run by the gateway itself.
    const ownTools = ['agent.sessions', 'agent.memory'];
    const byAgents = report.probes.filter(({ id, verdict }) => id.startsWith('agent.') && verdict !== 'not-applicable' && !ownTools.includes(id));
    assert.ok(byAgents.length > 0 && byAgents.every(({ verdict }) => verdict === 'unknown'));
    assert.ok(
      byAgents.some(({ detail }) => detail.includes('TIMEOUT of an earlier turn')),
      'an agent that is silent once is not waited for again',
    );
  });

  test('a removed firewall table is back within seconds', async () => {
    await here.host('nft', 'delete', 'table', 'inet', instance);
    const deadline = Date.now() + 15_000;
    let found = await here.host('nft', 'list', 'table', 'inet', instance);
    while (found.exit !== 0 && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      found = await here.host('nft', 'list', 'table', 'inet', instance);
    }
    assert.equal(found.exit, 0);
    assert.match(found.stdout, new RegExp(`${instance}-acme`));
  });

  test('a gateway killed under verify gives unknown, neither pass nor breach, and is back by itself', async () => {
    const record = `/run/bulkhead/${instance}/services/${instance}-globex.json`;
    const gateway = (await here.host('pgrep', '-u', `${instance}-globex`, '-x', 'openclaw-gatewa')).stdout.trim();
    assert.match(gateway, /^\d+$/, 'one gateway');
    process.kill(Number(gateway), 'SIGKILL');
    let verified = false;
    const verifying = verify('--no-audit').finally(() => (verified = true));
    // Until verify has ended, whatever the supervisor starts instead is killed too: no gateway of globex comes up meanwhile.
    while (!verified) {
      try {
        process.kill((JSON.parse(readFileSync(record, 'utf8')) as { top: { pid: number } }).top.pid, 'SIGKILL');
      } catch {
        // nothing of it runs at the moment
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const report = await verifying;
    assert.equal(report.exitCode, 3, JSON.stringify(report.findings.filter(({ verdict }) => verdict !== 'pass')));
    assert.equal(report.summary.breaches, 0);
    // Without the audits the exit is 3 anyway: what counts is that no attack on or by the dead gateway was called held.
    assert.ok(report.probes.length > 0 && report.probes.every(({ verdict }) => verdict === 'unknown' || verdict === 'not-applicable'));
    assert.ok(report.findings.some(({ id, verdict }) => id === 'gateway.not-running' && verdict === 'unknown'));
    let status = await here.run('status', '--json');
    for (const deadline = Date.now() + 180_000; status.exit !== 0 && Date.now() < deadline;) status = await here.run('status', '--json');
    assert.equal(status.exit, 0, status.stdout);
    const again = await verify('--no-audit');
    assert.ok(again.probes.length > 0 && again.probes.every(({ verdict }) => verdict === 'contained' || verdict === 'not-applicable'));
  });

  test('while somebody else holds the lease nothing changes: exit 6, naming the holder', async () => {
    const state = openState(join(here.stateDir, 'bulkhead.db'));
    const lease = state.acquireLease({ user: 'somebody', pid: process.pid, command: 'apply' });
    const refused = await here.run('apply');
    lease.release();
    state.close();
    assert.equal(refused.exit, 6, refused.stderr);
    assert.match(refused.stderr, /somebody/);
  });

  test('no secret is in the state file, the definitions, the logs or a plan', async () => {
    const plan = await here.run('plan', '--json');
    const token = readFileSync(join(here.stateDir, 'secrets/acme/gateway-token'), 'utf8').trim();
    const secrets = [...Object.values(KEYS), token];
    const files = ['bulkhead.db', ...under(here.stateDir, 'supervisor'), ...under(here.stateDir, 'logs')].map((name) => join(here.stateDir, name));
    const texts = [plan.stdout, plan.stderr, ...files.filter((path) => statSync(path).isFile()).map((path) => readFileSync(path, 'latin1'))];
    assert.ok(texts.length > 4);
    for (const text of texts) for (const secret of secrets) assert.ok(!text.includes(secret));
  });

  test('remove asks for the name twice, and then leaves nothing behind', async () => {
    assert.equal((await here.run('remove', 'acme')).exit, 2);
    for (const tenant of ['acme', 'globex']) {
      const removed = await here.run('remove', tenant, '--confirm', tenant);
      assert.equal(removed.exit, 0, removed.stderr);
    }
    const left = async (...argv: readonly [string, ...string[]]): Promise<string> => (await here.host(...argv)).stdout;
    assert.ok(!(await left('getent', 'passwd')).includes(`${instance}-`));
    assert.ok(!(await left('ip', 'netns')).includes(`${instance}-`));
    assert.ok(!(await left('nft', 'list', 'tables')).includes(instance));
    assert.ok(!(await left('ip', '-br', 'link')).includes(`${instance}-`));
    assert.ok(!(await left('ps', '-eo', 'args')).includes(here.stateDir));
    assert.ok(!readFileSync('/proc/self/mountinfo', 'utf8').includes(here.stateDir));
    assert.deepEqual(readdirSync(join(here.stateDir, 'tenants')), []);
  });
});

function under(root: string, folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true }).map((name) => join(folder, String(name)));
}
