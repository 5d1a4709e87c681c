/** Rotation on real OpenClaw: two os-user tenants; what one of them is given anew, the other does not notice. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { chmodSync, chownSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { ReportDocument } from '../../src/report/json.ts';
import { trial, type Trial } from '../support/bulkhead.ts';
import { outsideWorld, type OutsideWorld } from '../support/outside-world.ts';
import { pairDevice } from '../support/pair-device.ts';
import { requires } from '../support/requires.ts';

const skip = requires({ root: true, linux: true, programs: ['bwrap', 'nft', 'ip'], openclaw: true });
const PORTS = { model: 8187, bot: 8188 };
const BOT_TOKENS = ['700000001:AAplanted0000000000000000000000000001', '700000001:AAplanted0000000000000000000000000002'] as const;
const MODEL_KEYS = ['planted-model-key-of-acme-1', 'planted-model-key-of-acme-2'] as const;

interface Row {
  readonly tenant: string;
  readonly port: number;
  readonly pid: number;
}
interface Rotation {
  readonly exitCode: number;
  readonly rotated: readonly { role: string; how: string; gapMs?: number; proof: readonly string[]; open: readonly string[] }[];
  readonly stale: readonly { role: string }[];
  readonly holders: readonly { name: string }[];
  readonly others: readonly { tenant: string; pid: number; changed: readonly string[] }[];
}

interface Revocation {
  readonly atProviders: readonly { provider: string; account?: string; page: string }[];
  readonly clients: readonly { name: string }[];
  readonly gateway: { readonly found: Owned; readonly left?: Owned };
  readonly tokenRotated?: boolean;
}
interface Owned {
  readonly devices: readonly { id: string }[];
  readonly sessions: readonly string[];
}
interface Quarantined {
  readonly evidence: string;
  readonly proof: readonly string[];
  readonly notSecured: readonly unknown[];
}

describe('secrets of one of two clients are rotated', { skip, timeout: 1_200_000 }, () => {
  let here: Trial;
  let world: OutsideWorld;
  let rows: readonly Row[] = [];
  let port = 0;

  const tokenFile = (tenant: string): string => join(here.stateDir, 'secrets', tenant, 'gateway-token');
  const tokenOf = (tenant: string): string => readFileSync(tokenFile(tenant), 'utf8').trim();
  const row = (tenant: string): Row => rows.find((one) => one.tenant === tenant) ?? assert.fail(`${tenant} has no status`);
  /** When the gateway that ran first was started; fails when it is gone. */
  const startOf = (tenant: string): string | undefined => readFileSync(`/proc/${row(tenant).pid}/stat`, 'utf8').split(' ')[21];
  const ask = async (token: string, path = '/v1/models', body?: string): Promise<Response> =>
    await fetch(`http://127.0.0.1:${port}${path}`, {
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { method: 'POST', body }),
    });
  const turn = async (message: string): Promise<string> => {
    const answer = await ask(
      tokenOf('acme'),
      '/v1/chat/completions',
      JSON.stringify({ model: 'openclaw/main', messages: [{ role: 'user', content: message }] }),
    );
    return `${answer.status} ${await answer.text()}`;
  };
  const rotate = async (...what: readonly string[]): Promise<Rotation> => {
    const { stdout, stderr } = await here.run('rotate', '--json', 'acme', ...what);
    const said = JSON.parse(stdout) as Rotation & { error?: unknown };
    assert.equal(said.error, undefined, stdout + stderr);
    for (const { role, how, gapMs } of said.rotated) process.stdout.write(`# ${role}: ${how}, gap ${gapMs ?? '-'} ms\n`);
    return said;
  };
  /** What must not change of the other tenant. */
  const other = (): unknown => ({ started: startOf('globex'), token: createHash('sha256').update(tokenOf('globex')).digest('hex') });
  const seen = async (what: () => boolean): Promise<void> => {
    for (const deadline = Date.now() + 20_000; Date.now() < deadline && !what();) await new Promise((resolve) => setTimeout(resolve, 50));
    assert.ok(what(), JSON.stringify(world.seen.slice(-10)));
  };

  before(async () => {
    here = trial();
    here.write('keys/acme.key', MODEL_KEYS[0]);
    here.write('keys/acme.bot', BOT_TOKENS[0]);
    here.write('keys/globex.key', 'planted-model-key-of-globex');
    const tenant = (id: string, channels: string): string => `  ${id}:
    boundary: { owner: ${id}@example.test, data: tickets, members: [${id}@example.test] }
    isolation: os-user
    policy: operator
${channels}    models:
      scripted: { apiKey: { file: ${here.folder}/keys/${id}.key }, baseUrl: "http://127.0.0.1:${PORTS.model}/v1", model: scripted-1 }
    egress: none
`;
    const telegram = `    channels:
      telegram: { botToken: { file: ${here.folder}/keys/acme.bot }, apiRoot: "http://127.0.0.1:${PORTS.bot}", allowFrom: ["4242"] }
    apiClients: [{ name: acme-desk, kind: open-webui }]
`;
    here.write(
      'bulkhead.yaml',
      `fleet: rotation\ntrust: clients\nhosts:\n  local: { admins: [{ name: you, how: root }] }\ntenants:\n${tenant('acme', telegram)}${tenant('globex', '')}`,
    );
    const built = await here.run('apply', '--json');
    assert.equal(built.exit, 0, built.stderr + built.stdout);
    const shown = JSON.parse((await here.run('show', '--json', 'acme')).stdout) as { blueprint: { user: { namespace: string } } };
    world = await outsideWorld(shown.blueprint.user.namespace, PORTS);
    rows = (JSON.parse((await here.run('status', '--json')).stdout) as { tenants: readonly Row[] }).tenants;
    ({ port } = row('acme'));
  });
  after(async () => {
    world?.close();
    await here.end(['acme', 'globex']);
  });

  test('a dry run says what would be rotated, and changes nothing', async () => {
    const was = tokenOf('acme');
    const said = await here.run('rotate', 'acme', 'gateway-token', '--dry-run');
    assert.equal(said.exit, 0, said.stderr);
    assert.equal(said.stdout, 'acme: would get a new gateway-token\n! acme-desk (open-webui) was given the old token: give it the new one\n');
    assert.equal(tokenOf('acme'), was);
  });

  test('a new gateway token is taken by the running gateway: old dead, new alive, the neighbour untouched', async () => {
    const [old, before] = [tokenOf('acme'), other()];
    const started = startOf('acme');
    const said = await rotate('gateway-token');
    assert.equal(said.exitCode, 0, JSON.stringify(said));
    assert.equal(said.rotated[0]?.how, 'reload');
    assert.ok((said.rotated[0]?.gapMs ?? Infinity) < 2000, 'as long as a restart');
    assert.match(said.rotated[0]?.proof.join('\n') ?? '', /4001|gateway auth changed/);
    assert.notEqual(tokenOf('acme'), old);
    assert.equal((await ask(old)).status, 401);
    assert.equal((await ask(tokenOf('acme'))).status, 200);
    assert.equal(startOf('acme'), started, 'the gateway was not restarted');
    assert.deepEqual(other(), before);
    assert.deepEqual(
      said.others.map(({ tenant, changed }) => ({ tenant, changed })),
      [{ tenant: 'globex', changed: [] }],
    );
    assert.deepEqual(
      said.holders.map(({ name }) => name),
      ['acme-desk'],
    );
    const { mode, uid } = statSync(tokenFile('acme'));
    assert.deepEqual({ mode: mode & 0o777, uid }, { mode: 0o400, uid: statSync(join(here.stateDir, 'tenants/acme')).uid });
  });

  test('a value that is not new is refused, with what to do next', async () => {
    const refused = await here.run('rotate', 'acme', 'model', 'scripted');
    assert.equal(refused.exit, 5);
    assert.match(refused.stderr, /there is no new value: model:scripted from file:.*acme\.key is what it has already; nothing was changed/);
    assert.match(refused.stderr, /fix: .*bulkhead revoke acme/);
  });

  test('a new model key is used from the next turn on, without a gap', async () => {
    assert.match(await turn('one'), /^200 /);
    assert.equal(world.seen.findLast(({ model }) => model !== undefined)?.model, `Bearer ${MODEL_KEYS[0]}`);
    here.write('keys/acme.key', MODEL_KEYS[1]);
    const said = await rotate('model', 'scripted');
    assert.equal(said.exitCode, 0, JSON.stringify(said));
    assert.deepEqual([said.rotated[0]?.how, said.rotated[0]?.gapMs], ['reload', 0]);
    world.clear();
    assert.match(await turn('two'), /^200 /);
    assert.deepEqual([...new Set(world.seen.flatMap(({ model }) => model ?? []))], [`Bearer ${MODEL_KEYS[1]}`]);
  });

  test('a new bot token is used by the channel, and the old one no more', async () => {
    await seen(() => world.seen.some(({ bot }) => bot === BOT_TOKENS[0]));
    here.write('keys/acme.bot', BOT_TOKENS[1]);
    const said = await rotate('channel', 'telegram');
    assert.equal(said.exitCode, 0, JSON.stringify(said));
    assert.match(said.rotated[0]?.proof.join('\n') ?? '', /is connected/);
    world.clear();
    await seen(() => world.seen.filter(({ method }) => method === 'getUpdates').length > 2);
    assert.deepEqual([...new Set(world.seen.flatMap(({ bot }) => bot ?? []))], [BOT_TOKENS[1]]);
  });

  test('a rotation that was cut short leaves a gateway on its old token; the next one finishes it', async () => {
    const [live, before] = [tokenOf('acme'), other()];
    const { uid, gid } = statSync(tokenFile('acme'));
    // As after kill -9 between the file and the reload.
    writeFileSync(`${tokenFile('acme')}.cut`, 'cut-short-cut-short-cut-short-cut-short-cut-short-cut-short-0000');
    chownSync(`${tokenFile('acme')}.cut`, uid, gid);
    chmodSync(`${tokenFile('acme')}.cut`, 0o400);
    renameSync(`${tokenFile('acme')}.cut`, tokenFile('acme'));
    const lying = tokenOf('acme');
    assert.equal((await ask(live)).status, 200);
    const said = await rotate('gateway-token');
    assert.equal(said.exitCode, 0, JSON.stringify(said));
    assert.equal(said.rotated[0]?.how, 'restart');
    for (const dead of [live, lying]) assert.equal((await ask(dead)).status, 401);
    assert.equal((await ask(tokenOf('acme'))).status, 200);
    assert.deepEqual(other(), before);
  });

  test('a revocation lists what is acme’s and nothing of anybody else’s; what can be ended here is ended, and only there', async () => {
    const devices = await Promise.all(['acme', 'globex'].map((tenant) => pairDevice(row(tenant).port, tokenOf(tenant), `desk of ${tenant}`)));
    const [ofAcme = '', ofGlobex = ''] = devices;
    const [old, before] = [tokenOf('acme'), other()];
    const listed = await here.run('revoke', 'acme', '--json');
    assert.equal(listed.exit, 0, listed.stdout + listed.stderr);
    const list = JSON.parse(listed.stdout) as Revocation;
    assert.deepEqual(
      list.gateway.found.devices.map(({ id }) => id),
      [ofAcme],
    );
    assert.ok(list.gateway.found.sessions.length > 0);
    assert.deepEqual(
      list.atProviders.map(({ provider, account }) => [provider, account ?? null]),
      [
        ['telegram', '700000001'],
        ['scripted', null],
      ],
    );
    assert.match(list.atProviders[0]?.page ?? '', /BotFather → \/revoke/);
    assert.deepEqual(
      list.clients.map(({ name }) => name),
      ['acme-desk'],
    );
    assert.doesNotMatch(listed.stdout, new RegExp(`globex|${ofGlobex}`));
    assert.equal(tokenOf('acme'), old, 'a list ends nothing');

    const ended = await here.run('revoke', 'acme', '--yes', '--json');
    assert.equal(ended.exit, 0, ended.stdout + ended.stderr);
    const { gateway, tokenRotated } = JSON.parse(ended.stdout) as Revocation;
    assert.deepEqual(gateway.left?.devices, []);
    assert.ok(gateway.left?.sessions.every((key) => key.endsWith(':main')));
    assert.equal(tokenRotated, true);
    assert.equal((await ask(old)).status, 401);
    const neighbour = JSON.parse((await here.run('revoke', 'globex', '--json')).stdout) as Revocation;
    assert.deepEqual(
      neighbour.gateway.found.devices.map(({ id }) => id),
      [ofGlobex],
    );
    assert.deepEqual(other(), before);
    for (const secret of [old, tokenOf('acme'), ...MODEL_KEYS, ...BOT_TOKENS]) assert.ok(!(listed.stdout + ended.stdout).includes(secret));
  });

  test('in quarantine: evidence first, then no tool, no channel, a new token; every apply keeps it; the neighbour is untouched', async () => {
    const [old, before] = [tokenOf('acme'), other()];
    const work = `TOOL exec {"command":"echo planted-$((6*7))"} ENDTOOL`;
    assert.match(await turn(work), /planted-42/, 'before, the agent runs commands');
    await here.host('ln', '-s', '/etc/shadow', join(here.stateDir, 'tenants/acme/workspace/way-out'));
    const said = await here.run('quarantine', 'acme', '--json');
    const closed = JSON.parse(said.stdout) as Quarantined;
    assert.equal(said.exit, 0, said.stdout + said.stderr);
    assert.deepEqual(closed.notSecured, []);
    assert.match(closed.proof.join('\n'), /runs no channel[^]*is given no tool[^]*HTTP 401/);

    assert.equal((await ask(old)).status, 401);
    world.clear();
    const answer = await turn(work);
    assert.ok(answer.startsWith('200 ') && !answer.includes('planted-42'), answer);
    assert.ok(
      world.seen.some(({ model }) => model !== undefined),
      'a real turn was taken',
    );
    assert.deepEqual(
      world.seen.flatMap(({ tools }) => tools ?? []),
      [],
      'the model is offered no tool',
    );
    assert.ok(!readdirSync(join(here.stateDir, 'secrets/acme')).includes('channel-telegram'));

    const again = await here.run('apply', '--json');
    assert.equal((JSON.parse(again.stdout) as { steps: number }).steps, 0, again.stdout);
    assert.match(again.stderr, /acme is in quarantine since .*bulkhead release acme/);
    assert.match((await here.run('status')).stdout, /acme: in quarantine since/);
    assert.deepEqual((JSON.parse((await here.run('plan', '--json')).stdout) as { quarantined: string[] }).quarantined, ['acme']);
    const report = JSON.parse((await here.run('verify', '--json', '--no-audit', '--no-probes')).stdout) as ReportDocument;
    assert.equal(report.findings.find(({ id }) => id === 'boundary.quarantined')?.verdict, 'fail');
    assert.deepEqual(other(), before);
    assert.deepEqual(
      world.seen.filter(({ bot }) => bot !== undefined),
      [],
      'no channel spoke in all that time',
    );

    assert.equal(statSync(closed.evidence).mode & 0o777, 0o700);
    const kept = readdirSync(closed.evidence).map((name) => [name, readFileSync(join(closed.evidence, name), 'utf8')] as const);
    const text = new Map(kept);
    assert.match(text.get('processes-and-sockets.json') ?? '', /openclaw/);
    assert.match(text.get('files.json') ?? '', /way-out",\s+"mode": 511,[^}]*"target": "\/etc\/shadow"/);
    for (const [name, content] of kept) {
      for (const secret of [old, tokenOf('acme'), ...MODEL_KEYS, ...BOT_TOKENS]) assert.ok(!content.includes(secret), `a secret is in ${name}`);
    }
  });

  test('what only the provider can make new is refused while it is closed; a release restores what the manifest says, with a new token', async () => {
    const refused = await here.run('rotate', 'acme', 'channel', 'telegram');
    assert.equal(refused.exit, 2, refused.stderr);
    assert.match(refused.stderr, /acme is in quarantine: its channels are off/);
    const [closedToken, before] = [tokenOf('acme'), other()];
    world.clear();
    const said = await here.run('release', 'acme', '--json');
    assert.equal(said.exit, 0, said.stdout + said.stderr);
    assert.notEqual(tokenOf('acme'), closedToken);
    assert.match(await turn('TOOL exec {"command":"echo planted-$((6*7))"} ENDTOOL'), /planted-42/);
    await seen(() => world.seen.some(({ bot }) => bot === BOT_TOKENS[1]));
    assert.doesNotMatch((await here.run('status')).stdout, /quarantine/);
    assert.equal((JSON.parse((await here.run('apply', '--json')).stdout) as { steps: number }).steps, 0);
    assert.deepEqual(other(), before);
    assert.equal((await here.run('release', 'acme')).exit, 2, 'it is not in quarantine any more');
  });

  test('no secret is in what was kept', async () => {
    const kept = readdirSync(here.stateDir).filter((name) => name.startsWith('bulkhead.db'));
    const database = kept.map((name) => readFileSync(join(here.stateDir, name), 'latin1')).join('');
    assert.match(database, /rotate\/gateway-token/);
    for (const secret of [tokenOf('acme'), tokenOf('globex'), ...MODEL_KEYS, ...BOT_TOKENS, 'cut-short']) assert.ok(!database.includes(secret));
  });
});
