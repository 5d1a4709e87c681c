/** Channels of two clients on real OpenClaw: each message is answered by the agent whose account it was sent to, and by no other. */
import assert from 'node:assert/strict';
import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ReportDocument } from '../../src/report/json.ts';
import { file, part } from '../seeded-leaks/plant.ts';
import { trial, type Trial } from '../support/bulkhead.ts';
import { joinIrc, startIrcd, type IrcPerson } from '../support/irc.ts';
import { startScriptedModel, type ScriptedModel } from '../support/model-server.ts';
import { requires } from '../support/requires.ts';
import { startTelegram, type TelegramServer } from '../support/telegram-server.ts';

const programs = ['bwrap', 'nft', 'ip', 'ngircd'];
const skip = requires({ root: true, linux: true, programs, openclaw: true });
const [MODEL, TELEGRAM, IRC] = [8181, 8182, 8183];
const TENANTS = ['acme', 'globex'] as const;
type TenantName = (typeof TENANTS)[number];
const TOKENS = { acme: '700000001:AAplanted-bot-token-of-acme-0000000', globex: '700000002:AAplanted-bot-token-of-globex-00000' } as const;
/** Customers: each is known to one of the two. */
const CUSTOMERS = { acme: 4201, globex: 4202 } as const;
const PEOPLE = { acme: 'ann', globex: 'bob' } as const;

const tenant = (id: TenantName, keys: string, token: string): string => `  ${id}:
    boundary: { owner: ${id}@example.test, data: "tickets of ${id}", members: [${id}@example.test] }
    isolation: os-user
    policy: support
    channels:
      telegram: { botToken: { file: ${keys}/${token} }, apiRoot: "http://host.bh:${TELEGRAM}", allowFrom: [${CUSTOMERS[id]}] }
      irc: { host: host.bh, port: ${IRC}, tls: false, nick: ${id}-bot, channels: ["#${id}"], allowFrom: ["${PEOPLE[id]}!~${PEOPLE[id]}@127.0.0.1"] }
    models:
      scripted: { apiKey: { file: ${keys}/${id}.key }, baseUrl: "http://host.bh:${MODEL}/v1", model: scripted-1 }
    egress: none
    allow: ["tcp:host:${MODEL}", "tcp:host:${TELEGRAM}", "tcp:host:${IRC}"]
`;
const manifest = (keys: string, tokenOfGlobex = 'globex.bot'): string => `fleet: channels
trust: clients
tenants:
${tenant('acme', keys, 'acme.bot')}${tenant('globex', keys, tokenOfGlobex)}`;

describe('two clients, each with a bot and a nick', { skip, timeout: 1_200_000 }, () => {
  let here: Trial;
  let telegram: TelegramServer;
  let ircd: { close(): Promise<void> } | undefined;
  const people = new Map<TenantName, IrcPerson>();
  const personOf = (id: TenantName): IrcPerson => people.get(id) ?? assert.fail(`nobody writes to ${id}`);
  const models = new Map<TenantName, ScriptedModel>();

  const until = async (what: string, isSo: () => boolean, ms = 60_000): Promise<void> => {
    for (const end = Date.now() + ms; !isSo(); await sleep(100)) if (Date.now() > end) assert.fail(`${what}: not within ${ms} ms`);
  };
  const answersTo = (id: TenantName) => telegram.seen().sent.filter(({ bot }) => bot === TOKENS[id].split(':')[0]);
  const heardBy = (id: TenantName, text: string): boolean => models.get(id)?.requests.some(({ user }) => user.includes(text)) === true;

  before(async () => {
    here = trial();
    const keys = join(here.folder, 'keys');
    for (const id of TENANTS) {
      here.write(`keys/${id}.key`, `planted-model-key-of-${id}`);
      here.write(`keys/${id}.bot`, TOKENS[id]);
    }
    here.write('bulkhead.yaml', manifest(keys));
    const built = await here.run('apply', '--json');
    assert.equal(built.exit, 0, built.stderr + built.stdout);
    const addresses: string[] = [];
    for (const id of TENANTS) {
      const { stdout } = await here.run('exec', id, '--', 'cat', '/etc/hosts');
      const address = /^([0-9.]+) host\.bh$/m.exec(stdout)?.[1] ?? assert.fail(`${id} has no host.bh`);
      models.set(id, await startScriptedModel({ host: address, port: MODEL }));
      addresses.push(address);
    }
    telegram = await startTelegram([...addresses, '127.0.0.1'], TELEGRAM);
    ircd = await startIrcd(['127.0.0.1', ...addresses], IRC, here.folder);
    // Where nobody answered them, the gateways would try again ever later.
    const again = await here.run('restart', '--json');
    assert.equal(again.exit, 0, again.stderr + again.stdout);
    for (const id of TENANTS) {
      people.set(id, await joinIrc('127.0.0.1', IRC, PEOPLE[id]));
      for (const channel of TENANTS) personOf(id).send(`JOIN #${channel}`);
    }
    await until('both bots ask for updates', () => TENANTS.every((id) => (telegram.seen().polls[TOKENS[id].split(':')[0] ?? ''] ?? 0) > 0));
    for (const id of TENANTS) {
      const isHere = await personOf(id).hears(new RegExp(`^:${id}-bot!\\S+ JOIN :?#${id}|353 .*#${id} .*${id}-bot`), 60_000);
      if (isHere === undefined) assert.fail(`${id}-bot did not come: ${(await here.run('logs', id)).stdout}`);
    }
  });
  after(async () => {
    for (const person of people.values()) person.close();
    await telegram?.close();
    await ircd?.close();
    for (const model of models.values()) await model.close();
    await here.end(TENANTS);
  });

  test('a message to a bot is answered by its own agent, and reaches no other', async () => {
    for (const id of TENANTS) telegram.say(TOKENS[id], CUSTOMERS[id], `hello ${id}`);
    await until('both answer', () => TENANTS.every((id) => answersTo(id).length > 0));
    for (const [id, other] of [TENANTS, TENANTS.toReversed()] as readonly (readonly [TenantName, TenantName])[]) {
      const [answer] = answersTo(id);
      assert.equal(answer?.chat, String(CUSTOMERS[id]));
      assert.match(answer.text, new RegExp(`hello ${id}$`));
      assert.deepEqual([heardBy(id, `hello ${id}`), heardBy(other, `hello ${id}`)], [true, false]);
    }
  });

  test('somebody who is not allowed gets no answer, also not a customer of the other', async () => {
    const before = telegram.seen().sent.length;
    telegram.say(TOKENS.acme, CUSTOMERS.globex, 'let me in');
    telegram.say(TOKENS.globex, 6666, 'let me in');
    // What comes after it is answered: the message was taken, and not answered.
    for (const id of TENANTS) telegram.say(TOKENS[id], CUSTOMERS[id], `again ${id}`);
    await until('what comes after is answered', () => TENANTS.every((id) => answersTo(id).some(({ text }) => text.includes(`again ${id}`))));
    const sent = telegram.seen().sent.slice(before);
    assert.deepEqual(new Set(sent.map(({ chat }) => Number(chat))), new Set(Object.values(CUSTOMERS)));
    for (const id of TENANTS) assert.equal(heardBy(id, 'let me in'), false);
  });

  test('on a real ircd each nick answers in its own channel, to who is allowed, and in no other', async () => {
    for (const id of TENANTS) personOf(id).send(`PRIVMSG #${id} :${id}-bot: good morning ${id}`);
    const answered = async (id: TenantName, text: string): Promise<void> => {
      const answer = await personOf(id).hears(new RegExp(`^:${id}-bot!\\S+ PRIVMSG #${id} :.*${text}`), 60_000);
      if (answer === undefined) assert.fail(`${personOf(id).lines.slice(-9).join('\n')}\n${(await here.run('logs', id)).stdout}`);
    };
    for (const id of TENANTS) await answered(id, `good morning ${id}`);
    personOf('acme').send('PRIVMSG #globex :globex-bot: a customer of the other');
    personOf('acme').send('PRIVMSG #globex :acme-bot: not my channel');
    personOf('globex').send('PRIVMSG #acme :acme-bot: a customer of the other');
    // What comes after it is answered: the messages were taken, and not answered.
    for (const id of TENANTS) personOf(id).send(`PRIVMSG #${id} :${id}-bot: and again ${id}`);
    for (const id of TENANTS) await answered(id, `and again ${id}`);
    const said = TENANTS.flatMap((id) => personOf(id).lines).filter((line) => /^:(?:acme|globex)-bot!\S+ PRIVMSG /.test(line));
    assert.ok(said.length >= 4);
    assert.deepEqual(
      said.filter((line) => !/^:acme-bot!\S+ PRIVMSG #acme |^:globex-bot!\S+ PRIVMSG #globex /.test(line)),
      [],
    );
    for (const id of TENANTS) for (const text of ['a customer of the other', 'not my channel']) assert.equal(heardBy(id, text), false);
  });

  test('what runs is as declared: no plugin that no list allows, no channel in common', async () => {
    const { stdout } = await here.run('verify', '--json', '--no-audit', '--no-probes');
    const { findings } = JSON.parse(stdout) as ReportDocument;
    const wrong = findings.filter(
      ({ id, verdict }) => /^(?:channel|plugin|policy|install)\./.test(id) && verdict !== 'pass' && verdict !== 'not-applicable',
    );
    assert.deepEqual(
      wrong.map(({ id, verdict, message }) => `${verdict} ${id}: ${message}`),
      [],
    );
  });

  test('told to write in each other’s name, the agents cannot, and no message leaves', async () => {
    const before = telegram.seen().sent.length;
    const { stdout } = await here.run('verify', '--json', '--no-audit');
    const written = (JSON.parse(stdout) as ReportDocument).probes.filter(({ id }) => id === 'agent.message');
    assert.deepEqual(
      written.map(({ attacker, verdict, positiveControl, negativeControl }) => [attacker, verdict, positiveControl.held, negativeControl.held]),
      TENANTS.map((id) => [id, 'contained', true, true]),
      JSON.stringify(written),
    );
    for (const { detail } of written)
      assert.match(detail, /its gateway has no account of that name$|by policy: the message tool leaves no conversation$/);
    assert.equal(telegram.seen().sent.length, before);
  });

  test('an account in the other’s name on one gateway is a breach: its agent would write by it', async () => {
    const path = join(here.stateDir, 'tenants/acme/config/openclaw.json');
    const live = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    const [channels, tools, accountless] = [part(live, 'channels'), part(live, 'tools'), part(part(live, 'channels'), 'telegram')];
    const botToken = '700000009:AAplanted-bot-token-of-nobody-00000';
    const accounts = { globex: { botToken, apiRoot: `http://host.bh:${TELEGRAM}`, dmPolicy: 'disabled' } };
    const changed = {
      ...live,
      channels: { ...channels, telegram: { ...accountless, accounts } },
      tools: { ...tools, message: { crossContext: { allowWithinProvider: true, allowAcrossProviders: true } } },
    };
    const undo = await file(path, JSON.stringify(changed), lstatSync(path).mode & 0o7777);
    try {
      await until('the gateway has the account', () => (telegram.seen().polls['700000009'] ?? 0) > 0);
      const before = telegram.seen().sent.length;
      const { stdout, exit } = await here.run('verify', '--json', '--no-audit');
      const written = (JSON.parse(stdout) as ReportDocument).probes.filter(({ id }) => id === 'agent.message');
      assert.deepEqual(
        written.map(({ attacker, verdict, detail }) => [attacker, verdict, detail]),
        [
          ['acme', 'breached', 'agent writes by the account globex: it would be sent'],
          ['globex', 'contained', written.find(({ attacker }) => attacker === 'globex')?.detail],
        ],
        JSON.stringify(written),
      );
      assert.equal(exit, 4);
      assert.equal(telegram.seen().sent.length, before);
    } finally {
      await undo();
    }
  });

  test('one bot for both is refused before anything is built', async () => {
    here.write('shared.yaml', manifest(join(here.folder, 'keys'), 'acme.bot'));
    const refused = await here.host(here.launcher, 'plan', '-f', join(here.folder, 'shared.yaml'), '--state-dir', here.stateDir, '--json');
    const { report, commands } = JSON.parse(refused.stdout) as { report: ReportDocument; commands: readonly unknown[] };
    assert.equal(refused.exit, 1);
    assert.deepEqual(commands, []);
    assert.ok(report.findings.some(({ id, verdict, tenants }) => id === 'channel.telegram-bot-shared' && verdict === 'fail' && tenants.length === 2));
  });
});
