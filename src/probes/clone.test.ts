/** The program around a second gateway; a small server stands where the gateway would. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { liftedEnvironment } from '../openclaw/lifted.ts';
import { requires } from '../../test/support/requires.ts';
import { main, type CloneLine, type CloneRequest } from './clone.ts';

const skip = requires({ linux: true });
const UP = `require('http').createServer((q, r) => r.end()).listen(+process.env.OPENCLAW_GATEWAY_PORT, '127.0.0.1');`;

interface Made {
  readonly folder: string;
  readonly directory: string;
  readonly port: number;
  readonly ended: Promise<CloneLine>;
}

async function start(context: TestContext, gateway: string, mostBytes?: number): Promise<Made> {
  const folder = mkdtempSync(join(tmpdir(), 'bh-clone-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const free = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => free.once('listening', resolve));
  const bound = free.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
  await new Promise((resolve) => free.close(resolve));
  const directory = join(folder, '.bulkhead-clone-1');
  const openclaw = join(folder, 'gateway.cjs');
  writeFileSync(openclaw, gateway);
  const environment = liftedEnvironment({ PATH: process.env['PATH'] ?? '' }, { directory, port });
  const own = { mode: 'run', directory, port, node: process.execPath, openclaw, config: {}, environment, workspace: folder, maxMs: 60_000 } as const;
  const request: CloneRequest = mostBytes === undefined ? own : { ...own, mostBytes };
  return { folder, directory, port, ended: main(request) };
}

async function isUp({ port }: Made): Promise<boolean> {
  for (let round = 0; round < 200; round += 1) {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
    if (answer?.ok === true) return true;
    await sleep(50);
  }
  return false;
}

/** Processes of a clone that still run. */
function left(directory: string): readonly string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`OPENCLAW_STATE_DIR=${directory}/state`);
    } catch {
      return false; // it has ended, or is another's
    }
  });
}

test('a second gateway ends with all that it started and wrote, when it is told to', { skip }, async (context) => {
  const child = `require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' });`;
  const made = await start(context, child + UP);
  assert.ok(await isUp(made));
  assert.ok(left(made.directory).length >= 2);
  assert.deepEqual(await main({ mode: 'end', directory: made.directory }), { down: 'ended' });
  await made.ended;
  await sleep(100);
  assert.deepEqual(left(made.directory), []);
  assert.ok(!existsSync(made.directory));
});

test('one that takes more memory than it may is ended', { skip }, async (context) => {
  const hungry = `${UP} const kept = []; setInterval(() => kept.push(Buffer.alloc(20e6, 1)), 20);`;
  const made = await start(context, hungry, 250 * 1_048_576);
  const { down } = (await made.ended) as { readonly down: string };
  assert.match(down, /^its second gateway took \d+ MiB, of 250 that are free for it$/);
  assert.deepEqual(left(made.directory), []);
  assert.ok(!existsSync(made.directory));
});

test('one that does not start says why', { skip }, async (context) => {
  const made = await start(context, `require('fs').writeFileSync('.bulkhead-clone-1/gateway.log', 'no such model\\n'); process.exit(78)`);
  assert.deepEqual(await made.ended, { down: 'its second gateway ended with 78: no such model' });
});
