/** A real gateway's real Chromium inside its boundary: its debugging port, which asks for no password, is the tenant's alone. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { CommandResult } from '../../src/core/command.ts';
import { startModels } from '../../src/demo/models.ts';
import type { ReportDocument } from '../../src/report/json.ts';
import { instanceOf, trial, type Trial } from '../support/bulkhead.ts';
import { requires, testInstall } from '../support/requires.ts';

const skip = requires({
  root: true,
  linux: true,
  programs: ['bwrap', 'nft', 'ip', 'curl', 'nsenter', 'setpriv', 'pgrep', 'chromium'],
  openclaw: true,
});
const MODEL_PORT = 8184;
/** Of the managed browser where the gateway listens on 18789. */
const CDP = 18_800;
const GATEWAY = 18_789;

const model = (tenant: string, keys: string): string => `    models:
      scripted: { apiKey: { file: ${keys}/${tenant}.key }, baseUrl: "http://host.bh:${MODEL_PORT}/v1", model: scripted-1 }
    egress: none
    allow: ["tcp:host:${MODEL_PORT}"]
`;
const manifest = (keys: string): string => `fleet: browsing
trust: clients
hosts:
  local: { admins: [{ name: ops, how: root }] }
tenants:
  acme:
    boundary: { owner: acme@example.test, data: pages, members: [acme@example.test] }
    policy: operator
    browser: on
${model('acme', keys)}    limits: { memory: 3GiB, pids: 1024 }
  globex:
    boundary: { owner: globex@example.test, data: orders, members: [globex@example.test] }
    policy: support
${model('globex', keys)}namedRisks:
  - { item: host-admins, tenants: [acme, globex], risk: Administrators read both, owner: ops@example.test, until: 2099-01-01 }
`;

/** Opens a page by CDP and prints its text; a real page's error is text too. */
const READ_BY_CDP = `const [port, url] = process.argv.slice(1);
const page = await (await fetch("http://127.0.0.1:" + port + "/json/new?" + url, { method: "PUT" })).json();
const socket = new WebSocket(page.webSocketDebuggerUrl);
await new Promise((resolve, reject) => { socket.onopen = resolve; socket.onerror = reject; });
for (;;) {
  const answer = new Promise((resolve) => { socket.onmessage = ({ data }) => resolve(JSON.parse(data)); });
  const expression = "document.readyState === 'complete' && location.href !== 'about:blank' ? document.body.innerText || ' ' : ''";
  socket.send(JSON.stringify({ id: 1, method: "Runtime.evaluate", params: { expression, returnByValue: true } }));
  const text = (await answer).result?.result?.value;
  if (text) { console.log(text); process.exit(); }
  await new Promise((resolve) => setTimeout(resolve, 100));
}`;

/** One end of a relay: accepts on `from`, connects to `to`; an address and port where it runs, or a socket path, which knows no network namespace. */
const RELAY = `const net = require("node:net");
const [from, to] = process.argv.slice(1).map((end) => (end.startsWith("/") ? { path: end } : { host: end.split(":")[0], port: Number(end.split(":")[1]) }));
net.createServer((near) => { const far = net.connect(to); for (const [a, b] of [[near, far], [far, near]]) a.on("error", () => b.destroy()).pipe(b); })
  .listen(from, () => console.log("ready"));`;

describe('a browser in one of two tenants', { skip, timeout: 1_800_000 }, () => {
  let here: Trial;
  let instance = '';
  let models: { close(): Promise<void> } | undefined;
  const relays: ChildProcess[] = [];

  const inside = (tenant: string, ...argv: readonly string[]): Promise<CommandResult> => here.run('exec', tenant, '--', ...argv);
  const curl = (host: string, port = CDP): readonly [string, ...string[]] => ['curl', '-s', '-m', '10', `http://${host}:${port}/json/version`];
  const startBrowser = async (): Promise<void> => {
    const started = await inside('acme', 'openclaw', 'browser', '--json', '--timeout', '120000', 'start');
    assert.equal(started.exit, 0, started.stdout + started.stderr);
  };
  const addressOf = async (tenant: string): Promise<string> => {
    const seen = await here.host('ip', '-n', `${instance}-${tenant}`, '-4', '-o', 'addr', 'show', 'dev', 'eth0');
    return /inet ([\d.]+)\//.exec(seen.stdout)?.[1] ?? assert.fail(`no address: ${seen.stdout}${seen.stderr}`);
  };
  const reach = async (): Promise<{ readonly report: ReportDocument; readonly by: ReadonlyMap<string, ReportDocument['probes'][number]> }> => {
    const report = JSON.parse((await here.run('verify', '--no-audit', '--json')).stdout) as ReportDocument;
    const by = new Map(report.probes.filter(({ id }) => id === 'browser.cdp-reach').map((probe) => [probe.attacker, probe]));
    assert.deepEqual([...by.keys()].toSorted(), ['acme', 'globex']);
    return { report, by };
  };

  /** What listens at `of` in one boundary answers at `at` in the other. */
  const relay = async (from: string, of: string, into: string, at: string): Promise<void> => {
    const meeting = join(here.folder, 'relay');
    for (const [tenant, near, far] of [
      [from, meeting, of],
      [into, at, meeting],
    ] as const) {
      const end = spawn('nsenter', [`--net=/run/netns/${instance}-${tenant}`, testInstall().node, '-e', RELAY, near, far], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      relays.push(end);
      await Promise.race([once(end.stdout, 'data'), once(end, 'exit').then(() => assert.fail(`no relay from ${near} to ${far}`))]);
    }
  };
  const endRelays = async (): Promise<void> => {
    for (const end of relays.splice(0)) {
      const ended = once(end, 'exit');
      end.kill('SIGKILL');
      await ended;
    }
    rmSync(join(here.folder, 'relay'), { force: true });
  };

  before(async () => {
    here = trial();
    for (const tenant of ['acme', 'globex']) here.write(`keys/${tenant}.key`, `planted-model-key-of-${tenant}`);
    here.write('bulkhead.yaml', manifest(join(here.folder, 'keys')));
    let built = await here.run('apply', '--json');
    // A busy machine may need longer than apply waits for two gateways at once: another run goes on where it stopped.
    for (let again = 0; built.exit === 5 && again < 3; again += 1) built = await here.run('apply', '--json');
    assert.equal(built.exit, 0, built.stderr + built.stdout);
    const addresses: string[] = [];
    for (const tenant of ['acme', 'globex']) {
      const { stdout } = await inside(tenant, 'cat', '/etc/hosts');
      addresses.push(/^([0-9.]+) host\.bh$/m.exec(stdout)?.[1] ?? assert.fail(`${tenant} has no host.bh`));
    }
    models = await startModels(addresses, MODEL_PORT);
    instance = instanceOf(here.stateDir);
  });
  after(async () => {
    await models?.close();
    for (const relay of relays) relay.kill('SIGKILL');
    await here.end(['acme', 'globex']);
  });

  test('acme’s gateway starts its managed browser, with its sandbox on and without calls to its maker', async () => {
    await startBrowser();
    const status = await inside('acme', 'openclaw', 'browser', '--json', 'status');
    const seen = JSON.parse(status.stdout) as { running: boolean; cdpPort: number; noSandbox: boolean; pid: number; userDataDir: string };
    assert.deepEqual([seen.running, seen.cdpPort, seen.noSandbox], [true, CDP, false], status.stdout);
    assert.ok(seen.userDataDir.startsWith(join(here.stateDir, 'tenants/acme/state/')) && seen.pid > 1, 'its own browser, attached to no other');
    const { stdout: argv } = await inside('acme', 'cat', `/proc/${seen.pid}/cmdline`);
    const flags = new Set(argv.split(/[\0 ]/));
    for (const flag of ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'])
      assert.ok(flags.has(flag), flag);
    assert.ok(!flags.has('--no-sandbox'));
    const pids = (await here.host('pgrep', '-u', `${instance}-acme`, '-f', 'type=renderer')).stdout.split('\n');
    const users = await here.host('readlink', '/proc/self/ns/user', `/proc/${pids[0] ?? ''}/ns/user`);
    assert.equal(new Set(users.stdout.trim().split('\n')).size, 2, `a renderer in a user namespace of its own: ${users.stdout}${users.stderr}`);
  });

  test('its debugging port answers inside acme, and is refused to globex, to root and to others on the host', async () => {
    const address = await addressOf('acme');
    const own = await inside('acme', ...curl('127.0.0.1'));
    assert.match(own.stdout, /webSocketDebuggerUrl/);
    for (const host of ['127.0.0.1', '[::1]', address]) assert.equal((await inside('globex', ...curl(host))).exit, 7, `globex to ${host}`);
    for (const host of ['127.0.0.1', '[::1]', address]) {
      assert.equal((await here.host(...curl(host))).exit, 7, `root to ${host}`);
      const nobody = await here.host('setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', ...curl(host));
      assert.equal(nobody.exit, 7, `nobody to ${host}`);
    }
  });

  test('acme’s browser opens acme’s files and none of globex', async () => {
    const files: Record<string, string> = {};
    for (const tenant of ['acme', 'globex']) {
      const file = (files[tenant] = join(here.stateDir, `tenants/${tenant}/workspace/letter.txt`));
      assert.equal((await inside(tenant, 'sh', '-c', 'echo "planted letter of $1" > "$2"', '-', tenant, file)).exit, 0);
    }
    const open = (path = ''): Promise<CommandResult> =>
      inside('acme', testInstall().node, '--input-type=module', '-e', READ_BY_CDP, String(CDP), `file://${path}`);
    const own = await open(files['acme']);
    assert.equal(own.stdout.trim(), 'planted letter of acme', own.stderr);
    const other = await open(files['globex']);
    assert.match(other.stdout, /ERR_FILE_NOT_FOUND|ERR_ACCESS_DENIED/, other.stdout + other.stderr);
    assert.doesNotMatch(other.stdout, /planted letter/);
  });

  test('verify finds the port out of reach while the browser runs, both controls held', async () => {
    const { report, by } = await reach();
    for (const probe of by.values()) {
      assert.equal(probe.verdict, 'contained', probe.detail);
      assert.ok(probe.positiveControl.held && probe.negativeControl.held);
    }
    assert.ok(report.findings.every(({ id, verdict }) => id !== 'browser.cdp-reach' || verdict === 'pass'));
    const [told, other] = report.probes.filter(({ id }) => id === 'agent.browser').toSorted((a, b) => a.attacker.localeCompare(b.attacker));
    assert.equal(told?.verdict, 'contained', JSON.stringify(told));
    assert.ok(told.positiveControl.held && told.negativeControl.held);
    assert.match(told.detail, /file:\/\/\S+: by policy: the browser tool opens no private address and no file$/);
    assert.deepEqual([other?.verdict, other?.detail], ['not-applicable', 'globex has no browser']);
  });

  test('a relay that brings the port into globex’s boundary is a breach', async () => {
    await relay('acme', `127.0.0.1:${CDP}`, 'globex', `127.0.0.1:${CDP}`);
    assert.match((await inside('globex', ...curl('127.0.0.1'))).stdout, /webSocketDebuggerUrl/, 'the relay works');
    const open = await reach();
    await endRelays();
    assert.equal(open.by.get('globex')?.verdict, 'breached', open.by.get('globex')?.detail);
    assert.equal(open.by.get('acme')?.verdict, 'contained');
    assert.equal(open.report.exitCode, 4);
  });

  test('an agent whose browser may open private addresses opens globex’s gateway where that can be reached, and not without the way there', async () => {
    const file = join(here.stateDir, 'tenants/acme/config/openclaw.json');
    const rendered = readFileSync(file, 'utf8');
    const config = JSON.parse(rendered) as { readonly browser: object }; // as Bulkhead renders it
    const open = { ...config, browser: { ...config.browser, ssrfPolicy: { dangerouslyAllowPrivateNetwork: true } } };
    const ofGlobex = await addressOf('globex');
    const atAcme = ['-n', `${instance}-acme`, 'addr'] as const;
    // A browser that a busy machine keeps from opening anything in time says nothing either way.
    const told = async (more = 2): Promise<ReportDocument['probes'][number]> => {
      const { report, by } = await reach();
      assert.equal(by.get('globex')?.verdict, 'contained', 'gone with the relay');
      const probe = report.probes.find(({ id, attacker }) => id === 'agent.browser' && attacker === 'acme') ?? assert.fail('not tried');
      return probe.verdict === 'unknown' && more > 0 ? await told(more - 1) : probe;
    };
    // The same file: it is the tenant's own, and its gateway reads it anew.
    writeFileSync(file, JSON.stringify(open));
    try {
      // Whether the gateway began anew for it or not: its browser runs before an agent opens anything.
      await startBrowser();
      const shut = await told();
      assert.equal(shut.verdict, 'contained', JSON.stringify(shut));
      assert.match(shut.detail, /it was opened, and nothing answers there/);
      assert.equal((await here.host('ip', ...atAcme, 'add', `${ofGlobex}/32`, 'dev', 'lo')).exit, 0);
      await relay('globex', `127.0.0.1:${GATEWAY}`, 'acme', `${ofGlobex}:${GATEWAY}`);
      const reached = await told();
      assert.equal(reached.verdict, 'breached', JSON.stringify(reached));
      assert.match(reached.detail, new RegExp(`opens http://${ofGlobex}:${GATEWAY}/: it was opened, and something answers there`));
    } finally {
      await endRelays();
      await here.host('ip', ...atAcme, 'del', `${ofGlobex}/32`, 'dev', 'lo');
      writeFileSync(file, rendered);
    }
  });
});
