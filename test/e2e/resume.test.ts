/** Kills apply with SIGKILL at every step in turn: the next run goes on, and nothing is left over. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { HOST_LISTINGS } from '../support/host-listings.ts';
import { instanceOf, trial } from '../support/bulkhead.ts';
import { requires } from '../support/requires.ts';

const skip = requires({ root: true, linux: true, programs: ['bwrap', 'nft', 'ip'], openclaw: true });

const MANIFEST = `fleet: resume
trust: clients
hosts:
  local: { admins: [{ name: ops, how: root }] }
tenants:
  solo:
    boundary: { owner: solo@example.test, data: tickets, members: [solo@example.test] }
    policy: support
    egress: none
`;

/** Starts apply and kills it as soon as its `killAt`-th step begins. Returns the steps begun, and whether it ended by itself. */
async function killedApply(
  argv: readonly string[],
  killAt: number,
): Promise<{ readonly steps: readonly string[]; readonly ended: boolean; readonly said: string }> {
  const [program = '', ...args] = argv;
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const steps: string[] = [];
  let said = '';
  createInterface({ input: child.stderr }).on('line', (line) => {
    said += `${line}\n`;
    const title = /^\s*[\d.]+s {2}(.*)$/.exec(line)?.[1];
    if (title === undefined) return;
    steps.push(title);
    if (steps.length === killAt) child.kill('SIGKILL');
  });
  const exit = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { steps, ended: exit !== null, said };
}

test('apply killed at each step in turn converges, and nothing is orphaned', { skip, timeout: 1_200_000 }, async (context) => {
  const here = trial();
  try {
    here.write('bulkhead.yaml', MANIFEST);
    let runs = 0;
    let killAt = 2;
    let first = '';
    for (;;) {
      const { steps, ended, said } = await killedApply(here.argv('apply'), killAt);
      runs += 1;
      assert.ok(runs < 200, `it gets on: ${said}`);
      if (ended) {
        assert.ok(steps.length < killAt, said);
        break;
      }
      // What is made aside and then renamed starts over when it was not finished: the next run is killed one step later.
      killAt = steps[0] === first ? killAt + 1 : 2;
      first = steps[0] ?? '';
      // The wait for health is a step of its own kind: killing it starts nothing anew.
      if (steps[0]?.startsWith('wait until') === true) break;
    }
    context.diagnostic(`killed ${runs} times`);
    assert.ok(runs > 30, `a build has more steps than ${runs}`);
    const last = await here.run('apply', '--json');
    assert.equal(last.exit, 0, last.stderr);
    const again = await here.run('apply', '--json');
    assert.equal((JSON.parse(again.stdout) as { steps: number }).steps, 0);
    const status = await here.run('status', '--json');
    assert.equal(status.exit, 0, status.stdout);
    const running = (await here.host('ps', '-eo', 'comm,args')).stdout
      .split('\n')
      .filter((line) => line.startsWith('bwrap') && line.includes(here.stateDir));
    assert.equal(running.length, 2, 'one boundary: its top and its pid 1');
  } finally {
    const instance = instanceOf(here.stateDir);
    await here.end(['solo']);
    for (const argv of HOST_LISTINGS) {
      const left = (await here.host(...argv)).stdout;
      assert.ok(!left.includes(`${instance}-`) && !left.includes(`inet ${instance}`), argv.join(' '));
    }
  }
});
