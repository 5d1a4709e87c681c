/** What every isolation rung must do, whatever it is made of. A rung's own test gives it a blueprint and calls this. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Blueprint, Layout } from '../../src/core/blueprint.ts';
import { type Command, type Program, succeeded } from '../../src/core/command.ts';
import { BulkheadError } from '../../src/core/error.ts';
import type { Host, Isolation } from '../../src/core/host.ts';

export interface IsolationSubject<Observed> {
  readonly isolation: Isolation<Observed>;
  readonly host: Host;
  readonly layout: Layout;
  readonly blueprint: Blueprint;
  /** A skip reason, or false. */
  readonly skip: string | false;
  /** Puts something of somebody else's where the rung would build. `undo` takes it away. */
  readonly foreign: readonly { readonly what: string; readonly make: readonly Command[]; readonly undo: readonly Command[] }[];
  /** After every how many commands it is interrupted, where each costs seconds; 1 unless told. */
  readonly every?: number;
}

export function conformsToIsolation<Observed>(subject: IsolationSubject<Observed>): void {
  const { isolation, host, layout, blueprint, skip, every = 1 } = subject;
  const anywhere = every === 1 ? 'after any command' : `after command 1 and every ${every} more`;
  // Some 400 programs one after the other, each of which a busy machine may take seconds for: only what hangs takes longer.
  const signal = AbortSignal.timeout(1_800_000);
  const observe = (): Promise<Observed> => isolation.observe(blueprint, layout, host, signal);
  const wanted = async (): Promise<readonly Command[]> => isolation.converge(blueprint, layout, await observe());
  const unwanted = async (): Promise<readonly Command[]> => isolation.remove(blueprint, layout, await observe());
  const run = (commands: readonly Command[]): Promise<void> => runAll(host, commands, signal);

  test(`${isolation.rung}: a host that cannot have it is told what is missing, this one can`, { skip }, async () => {
    assert.equal((await isolation.fingerprint(host, signal)).state, 'usable');
    const broken: Host = {
      ...host,
      run: async () => ({ exit: 127, signal: null, stdout: '', stderr: '', timedOut: false, truncated: false, durationMs: 0 }),
    };
    assert.notEqual((await isolation.fingerprint(broken, signal)).state, 'usable');
  });

  test(`${isolation.rung}: the second converge is empty`, { skip }, async () => {
    await run(await wanted());
    assert.deepEqual(await wanted(), []);
    await run(await unwanted());
  });

  test(`${isolation.rung}: what comes after the boundary is planned before it stands, exactly`, { skip }, async () => {
    const program: Program = { title: 'nothing', argv: ['true'] };
    // Whether the rules are loaded is a fact of the moment, not of the plan.
    const planned = (observed: Observed) => ({
      service: isolation.service(blueprint, layout, observed),
      asTenant: isolation.asTenant(blueprint, layout, observed, program),
      details: { ...isolation.details(observed), egressFiltered: null },
    });
    const before = await observe();
    assert.equal(isolation.hasTree(blueprint, before), false);
    await run(isolation.converge(blueprint, layout, before));
    const after = await observe();
    assert.equal(isolation.hasTree(blueprint, after), true);
    assert.deepEqual(planned(isolation.foresee(blueprint, layout, before)), planned(after));
    assert.deepEqual(isolation.foresee(blueprint, layout, after), after);
    await run(await unwanted());
  });

  test(`${isolation.rung}: interrupted ${anywhere}, another run converges`, { skip }, async () => {
    assert.deepEqual(await unwanted(), [], 'nothing is there yet');
    const total = (await wanted()).length;
    assert.ok(total > 0, 'there is something to build');
    for (let steps = 1; steps < total; steps += every) {
      await run((await wanted()).slice(0, steps));
      await run(await wanted());
      assert.deepEqual(await wanted(), [], `after ${steps} of ${total} commands`);
      await run(await unwanted());
    }
  });

  test(`${isolation.rung}: removal interrupted ${anywhere} ends with another run, and removing twice does nothing`, { skip }, async () => {
    await run(await wanted());
    const total = (await unwanted()).length;
    for (let steps = 1; steps < total; steps += every) {
      await run((await unwanted()).slice(0, steps));
      await run(await unwanted());
      assert.deepEqual(await unwanted(), [], `after ${steps} of ${total} commands`);
      await run(await wanted());
    }
    await run(await unwanted());
    assert.deepEqual(await unwanted(), []);
  });

  for (const { what, make, undo } of subject.foreign) {
    test(`${isolation.rung}: ${what} is refused, and nothing of it is removed`, { skip }, async () => {
      await run(make);
      try {
        await assert.rejects(wanted(), isApplyError);
        await assert.rejects(unwanted(), isApplyError);
      } finally {
        await run(undo);
      }
    });
  }

  test(`${isolation.rung}: what could not be looked at is an error, never "absent"`, { skip }, async () => {
    for (const stdout of ['', '{}\n{']) {
      const failing: Host = {
        ...host,
        run: async () => ({ exit: stdout === '' ? 1 : 0, signal: null, stdout, stderr: 'no', timedOut: false, truncated: false, durationMs: 0 }),
      };
      await assert.rejects(isolation.observe(blueprint, layout, failing, signal), BulkheadError);
    }
  });
}

function isApplyError(error: unknown): boolean {
  return error instanceof BulkheadError && error.code === 'apply';
}

/** Stops at the first command that fails, with what it said. */
export async function runAll(host: Host, commands: readonly Command[], signal: AbortSignal): Promise<void> {
  for (const command of commands) {
    const result = await host.run(command, signal);
    assert.ok(succeeded(command, result), `${command.title}: exit ${result.exit}: ${result.stderr}`);
  }
}
