import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleBlueprint, SAMPLE_LAYOUT } from '../../test/support/sample.ts';
import type { Command } from '../core/command.ts';
import { BulkheadError } from '../core/error.ts';
import { known, unknown, type ProcessFact } from '../core/facts.ts';
import type { Isolation, Supervisor } from '../core/host.ts';
import type { Receipt } from '../core/plan.ts';
import { recordingHost, type Answer } from '../hosts/recording.ts';
import { gatewayTokenFile } from '../openclaw/secrets.ts';
import { rotateSecret, type Rotated } from './rotate.ts';

const blueprint = sampleBlueprint('acme');
const file = gatewayTokenFile(blueprint.paths);
const TOKEN = 'planted-new-token';
const OLD = 'planted-old-token';
const running = { process: known({ pid: 7 } as ProcessFact, 'test'), mayHoldToken: known(true as const, 'test') };
const titled =
  (title: string) =>
  (command: Command): boolean =>
    command.title.startsWith(title);
const says = (title: string, value: unknown): Answer => ({ when: titled(title), give: { stdout: JSON.stringify(value) } });
const SWITCHED = { switched: true, gapMs: 3, reloadMs: 2, polls: 4, oldStatus: 401, newStatus: 200, oldConnection: '4001' } as const;
const CUT_SHORT = { switched: false, written: true, why: 'AUTH_TOKEN_MISMATCH' } as const;

interface Trial {
  readonly rotated?: Rotated;
  readonly error?: BulkheadError;
  readonly titles: readonly string[];
  readonly receipts: readonly Receipt[];
}

async function rotate(answers: readonly Answer[], more: { readonly role?: string; readonly hold?: typeof running | object } = {}): Promise<Trial> {
  const host = recordingHost([
    ...answers,
    { when: 'restart', give: {} },
    { when: titled('wait until'), give: {} },
    { when: titled('put secrets'), give: {} },
  ]);
  const receipts: Receipt[] = [];
  const input = {
    blueprint,
    layout: SAMPLE_LAYOUT,
    // Of a rung and a supervisor only this is asked.
    isolation: { details: () => ({ uid: 1, gid: 2 }) } as unknown as Isolation,
    supervisor: { restart: () => [{ title: 'restart bh-acme', argv: ['restart'] }] } as unknown as Supervisor,
    host,
    observed: undefined,
    hold: async () => (more.hold ?? running) as typeof running,
  };
  const run = { runId: 'r', keep: (receipt: Receipt) => void receipts.push(receipt), onStep: () => undefined, now: () => new Date(0) };
  const secret = { role: more.role ?? 'gateway-token', file, value: TOKEN, old: OLD };
  try {
    const rotated = await rotateSecret(input, secret, run, new AbortController().signal);
    return { rotated, titles: host.commands.map(({ title }) => title), receipts };
  } catch (error) {
    assert.ok(error instanceof BulkheadError, String(error));
    return { error, titles: host.commands.map(({ title }) => title), receipts };
  }
}

test('a token is taken by the running gateway in one step, with a receipt that holds no token', async () => {
  const { rotated, receipts } = await rotate([says('have the gateway', SWITCHED)]);
  assert.deepEqual([rotated?.how, rotated?.gapMs, rotated?.open], ['reload', 3, []]);
  assert.deepEqual(
    receipts.map(({ step, outcome }) => [step, outcome]),
    [['acme/rotate/gateway-token/1', 'done']],
  );
  assert.ok(!JSON.stringify(receipts).includes('planted'));
});

test('a gateway that goes on taking the old token, or does not take the new one, is no rotation', async () => {
  for (const wrong of [{ oldStatus: 200 }, { newStatus: 401 }, { oldStatus: 429 }]) {
    const { error } = await rotate([says('have the gateway', { ...SWITCHED, ...wrong })]);
    assert.equal(error?.code, 'apply');
    assert.match(error?.message ?? '', /not proven/);
  }
});

test('a connection with the old token that was not seen to end is said', async () => {
  const { rotated } = await rotate([says('have the gateway', { ...SWITCHED, oldConnection: null })]);
  assert.deepEqual(rotated?.open, ['a connection made with the old token was not seen to end']);
});

test('no token is sent to a listener that is not the tenant’s own, and nothing is changed', async () => {
  const { error, titles } = await rotate([], { hold: { ...running, mayHoldToken: unknown('uid 1000 listens on its port') } });
  assert.equal(error?.code, 'unverified');
  assert.match(error?.message ?? '', /nothing was changed: uid 1000 listens/);
  assert.deepEqual(titles, []);
});

test('where no gateway runs the file is replaced and nobody is asked', async () => {
  const { rotated, titles } = await rotate([], { hold: { process: known(null, 'test'), mayHoldToken: unknown('no gateway runs') } });
  assert.equal(rotated?.how, 'stored');
  assert.deepEqual(titles, ['put secrets of acme in place: gateway-token']);
});

test('a gateway that does not know the token of its file is restarted, and then asked', async () => {
  const { rotated, titles } = await rotate([says('have the gateway', CUT_SHORT), says('try the old', { oldStatus: 401, newStatus: 200 })]);
  assert.equal(rotated?.how, 'restart');
  assert.deepEqual(
    titles.map((title) => title.split(' ').slice(0, 2).join(' ')),
    ['have the', 'restart bh-acme', 'wait until', 'try the'],
  );
  const unwritten = await rotate([
    says('have the gateway', { ...CUT_SHORT, written: false }),
    says('try the old', { oldStatus: 401, newStatus: 200 }),
  ]);
  assert.ok(unwritten.titles.includes('put secrets of acme in place: gateway-token'));
  const alive = await rotate([says('have the gateway', CUT_SHORT), says('try the old', { oldStatus: 200, newStatus: 200 })]);
  assert.equal(alive.error?.code, 'apply');
});

test('of a channel and a key it says what only the provider can show; a warning of OpenClaw’s takes the proof away', async () => {
  const channel = await rotate([says('have the gateway', { reloaded: true, gapMs: 9, warnings: 0, connected: false, lastError: '401' })], {
    role: 'channel:telegram',
  });
  assert.match(channel.rotated?.open.join('\n') ?? '', /not connected with the new value: 401[^]*only its provider/);
  const warned = await rotate([says('have the gateway', { reloaded: true, gapMs: 0, warnings: 1 })], { role: 'model:anthropic' });
  assert.deepEqual(warned.rotated?.proof, []);
  assert.match(warned.rotated?.open[0] ?? '', /could not read 1 of its secrets/);
});
