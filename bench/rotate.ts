/**
 * How long a tenant lets nobody in while its gateway token is replaced, beside a plain restart of the same gateway: one real os-user tenant, each in
 * turn. The gap of a rotation is the command's own; that of a restart is from the last answer to the token to the next one. Needs root.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { trial, type Trial } from '../test/support/bulkhead.ts';
import { requires } from '../test/support/requires.ts';
import { median } from './paired.ts';

const ROUNDS = 3;

async function lets(port: number, token: string): Promise<boolean> {
  const headers = { authorization: `Bearer ${token}` };
  return await fetch(`http://127.0.0.1:${port}/v1/models`, { headers, signal: AbortSignal.timeout(5000) }).then(
    ({ status }) => status === 200,
    () => false,
  );
}

async function restartGap(here: Trial, port: number, token: string): Promise<number> {
  let isDown = false;
  let last = performance.now();
  const restarting = here.run('restart', 'acme');
  for (const deadline = performance.now() + 120_000; performance.now() < deadline;) {
    const isIn = await lets(port, token);
    if (isIn && isDown) {
      const gap = performance.now() - last;
      await restarting;
      return gap;
    }
    if (isIn) last = performance.now();
    else isDown = true;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('the gateway did not come back');
}

async function measure(here: Trial): Promise<void> {
  here.write('keys/acme.key', 'a-key-that-nobody-asks-for');
  here.write(
    'bulkhead.yaml',
    `fleet: bench
trust: clients
hosts: { local: { admins: [{ name: you, how: root }] } }
tenants:
  acme:
    boundary: { owner: a@example.test, data: tickets, members: [a@example.test] }
    isolation: os-user
    policy: operator
    models: { anthropic: { apiKey: { file: ${here.folder}/keys/acme.key } } }
    egress: none
`,
  );
  const built = await here.run('apply');
  if (built.exit !== 0) throw new Error(`apply ended with ${built.exit}: ${built.stderr}`);
  const { tenants } = JSON.parse((await here.run('status', '--json')).stdout) as { tenants: readonly { port: number }[] };
  const port = tenants[0]?.port ?? 0;
  const gaps: number[] = [];
  const restarts: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const rotated = await here.run('rotate', 'acme', 'gateway-token', '--json');
    const said = JSON.parse(rotated.stdout) as { exitCode: number; rotated: readonly { how: string; gapMs: number }[] };
    const [one] = said.rotated;
    if (said.exitCode !== 0 || one?.how !== 'reload') throw new Error(`rotate: ${rotated.stdout}${rotated.stderr}`);
    gaps.push(one.gapMs);
    restarts.push(await restartGap(here, port, readFileSync(join(here.stateDir, 'secrets/acme/gateway-token'), 'utf8').trim()));
  }
  const list = (all: readonly number[]): string => all.map((one) => one.toFixed(0)).join(', ');
  process.stdout.write(
    [
      `rotate: a new gateway token, gap median ${median(gaps).toFixed(0)} ms (${list(gaps)})`,
      `  a plain restart of the same gateway, median ${median(restarts).toFixed(0)} ms (${list(restarts)}): ${(median(restarts) / median(gaps)).toFixed(0)} times as long`,
      '',
    ].join('\n'),
  );
}

const missing = requires({ root: true, linux: true, programs: ['bwrap', 'nft', 'ip', 'perl'], openclaw: true });
if (missing === false) {
  const here = trial();
  try {
    await measure(here);
  } finally {
    await here.end(['acme']);
  }
} else process.stdout.write(`rotate: not measured, it ${missing}\n`);
