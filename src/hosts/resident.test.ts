import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ends } from '../../test/conformance/host.ts';
import { BulkheadError } from '../core/error.ts';
import type { ResidentRun } from '../core/host.ts';
import { openFarEnd, type FarEnd } from './far-end.ts';
import { startResident } from './resident.ts';
import { keepingSink } from './sinks.ts';

const never = new AbortController().signal;
const options = { host: 'edge-1', environment: { PATH: '/usr/bin:/bin' }, most: 10_000 };
const ROOM = { stdout: 100, stderr: 100 };
const skip = process.platform === 'linux' ? false : 'needs Linux: the far end is one';
let end: FarEnd;
const connect = (): Promise<FarEnd> => openFarEnd((remote) => ['sh', '-c', `exec ${remote}`], { PATH: '/usr/bin:/bin' }, 10_000);
before(async () => {
  if (skip === false) end = await connect();
});
after(async () => {
  if (skip === false) await end.close();
});

const run = (body: string, more: Partial<ResidentRun> = {}): ResidentRun => ({
  node: process.execPath,
  name: body,
  source: () => `export async function main(request) { ${body} }`,
  request: { word: 'hello' },
  title: 'look at it',
  timeoutMs: 20_000,
  ...more,
});
const start = (one: FarEnd = end) => startResident(one, process.execPath, options);

test('many programs and requests are answered by one Node, each program sent once', { skip }, async () => {
  const resident = start();
  let sent = 0;
  const word = run('return [process.pid, request.word];');
  const told = { ...word, source: () => ((sent += 1), word.source()) };
  const answers = await Promise.all([
    resident.ask(told, never),
    resident.ask({ ...told, request: { word: 'line\nends\u2028 and ünïcode' } }, never),
    resident.ask(run('await new Promise((resolve) => setTimeout(resolve, 50)); return [process.pid, process.env.PATH, process.cwd()];'), never),
  ]);
  const [[pid] = []] = answers as readonly (readonly unknown[])[];
  assert.deepEqual(answers, [
    [pid, 'hello'],
    [pid, 'line\nends\u2028 and ünïcode'],
    [pid, '/usr/bin:/bin', '/'],
  ]);
  assert.equal(sent, 1);
});

test('a crash of it leaves no core dump', { skip }, async () => {
  const limits = await start().ask(run("return process.getBuiltinModule('node:fs').readFileSync('/proc/self/limits', 'utf8');"), never);
  assert.match(String(limits), /^Max core file size +0 +0 /m);
});

test('a program that fails says so, and those beside it go on', { skip }, async () => {
  const resident = start();
  const beside = resident.ask(run('await new Promise((resolve) => setTimeout(resolve, 100)); return 1;'), never);
  await assert.rejects(resident.ask(run("throw new TypeError('no such thing');"), never), /TypeError: no such thing/);
  await assert.rejects(resident.ask(run('this is no JavaScript'), never), /SyntaxError/);
  assert.equal(await beside, 1);
  assert.equal(resident.isOver(), false);
});

test('one that hangs is given up with its Node, one that is aborted alone', { skip }, async () => {
  const resident = start();
  const pid = (await resident.ask(run('return process.pid;'), never)) as number;
  const controller = new AbortController();
  const aborted = resident.ask(run('return new Promise(() => {});'), controller.signal);
  controller.abort(new Error('stop'));
  await assert.rejects(aborted, /^Error: stop$/);
  assert.equal(resident.isOver(), false);
  const [hung, beside] = [run('for (;;);', { timeoutMs: 300 }), run('return 1;')].map((one) => resident.ask(one, never));
  await assert.rejects(hung ?? assert.fail(), /it took too long/);
  await assert.rejects(
    beside ?? assert.fail(),
    (error) => error instanceof BulkheadError && /edge-1: a program beside it took too long/.test(error.message),
  );
  assert.equal(resident.isOver(), true);
  await ends(pid);
});

test('an answer without end, and a Node that ends or is not there, are errors of those who wait', { skip }, async () => {
  await assert.rejects(start().ask(run("return 'x'.repeat(20_000);"), never), /it printed too much/);
  await assert.rejects(start().ask(run("console.error('the reason'); process.exit(3);"), never), /the reason/);
  const absent = startResident(end, '/nonexistent/node', options);
  await assert.rejects(absent.ask(run('return 1;'), never), /failed to execute \/nonexistent\/node/);
});

test('a connection that is cut ends it, and says in the middle of what', { skip }, async () => {
  const other = await connect();
  const resident = start(other);
  const pid = (await resident.ask(run('return process.pid;'), never)) as number;
  const asked = resident.ask(run('return new Promise(() => {});'), never);
  await sleep(50);
  const stdout = keepingSink(100);
  await other.run({ title: 'ask for the far end', argv: ['sh', '-c', 'echo $PPID'] }, { ...options, stdout, stderr: stdout, room: ROOM }, never);
  process.kill(Number(stdout.text()), 'SIGKILL');
  await assert.rejects(asked, /the connection to edge-1 was cut in the middle of: look at it/);
  await ends(pid);
});
