import assert from 'node:assert/strict';
import { test } from 'node:test';
import { observedFacts } from '../checks/testing/clean-facts.ts';
import { fixtureFinding, fixtureProbe } from '../../test/support/report-fixture.ts';
import type { Finding } from '../core/check.ts';
import { known, type Facts } from '../core/facts.ts';
import type { VerifyReport } from '../core/report.ts';
import type { WatchEvent, WatchSample } from '../core/watch.ts';
import type { Earlier } from './reuse.ts';
import { watch } from './watch.ts';

const OPEN = fixtureFinding({ id: 'fs.perms-cross', verdict: 'fail', severity: 'critical', tenants: ['acme'], message: 'others may enter' });
const FINE = fixtureFinding();

/** A fleet in memory with a clock of its own. `turns`: what happens before each run; after the last one the watch is ended. */
function rig(turns: readonly ((world: World) => void)[]) {
  const control = new AbortController();
  const world: World = {
    clock: Date.parse('2026-11-28T12:00:00.000Z'),
    facts: observedFacts(),
    findings: [FINE],
    attack: () => {},
    breached: false,
    generation: 'one',
  };
  const said = {
    events: [] as WatchEvent[],
    samples: [] as WatchSample[],
    attacks: 0,
    toldBeforeAttack: [] as number[],
    kept: 0,
    open: 0,
    slept: [] as number[],
  };
  let earlier: Earlier | undefined;
  let turn = 0;
  const running = watch({
    everyMs: 30_000,
    attackEveryMs: 6 * 3_600_000,
    open: async () => {
      turns[turn]?.(world);
      turn += 1;
      if (world.broken !== undefined) throw new Error(world.broken);
      said.open += 1;
      return {
        name: 'f',
        threshold: 'high',
        pairs: 2,
        prepare: async () => ({
          fleet: { name: 'f', source: { path: 'bulkhead.yaml', sha256: 'a'.repeat(64) } },
          version: '1.0.0',
          observe: async () => {
            world.clock += 2000;
            return world.facts;
          },
          judge: () => world.findings,
          audit: async () => new Map(world.facts.tenants.map(({ tenant, audit, auditRun }) => [tenant, { audit, auditRun }])),
          probe: async () => {
            said.attacks += 1;
            said.toldBeforeAttack.push(said.events.length);
            world.clock += 15_000;
            world.attack();
            return { probes: [fixtureProbe({ verdict: world.breached ? 'breached' : 'contained' })], pairs: { attacked: 2, of: 2 } };
          },
          now: () => new Date(world.clock),
          signal: control.signal,
        }),
        earlier: () => earlier,
        keep: (report: VerifyReport) => {
          said.kept += 1;
          earlier = { evidence: String(said.kept).repeat(64), sound: true, report };
        },
        changedBy: () => world.changedBy,
        generation: () => world.generation,
        close: () => {
          said.open -= 1;
        },
      };
    },
    tell: (event) => said.events.push(event),
    measure: (sample) => said.samples.push(sample),
    sleep: async (milliseconds) => {
      said.slept.push(milliseconds);
      world.clock += milliseconds;
      if (turn >= turns.length) control.abort();
    },
    now: () => new Date(world.clock),
    signal: control.signal,
  });
  return running.then((exitCode) => ({ ...said, exitCode }));
}

interface World {
  clock: number;
  facts: Facts;
  findings: Finding[];
  attack: () => void;
  breached: boolean;
  generation: string;
  changedBy?: string | undefined;
  broken?: string | undefined;
}

const nothing = (): void => {};
const widen = (world: World): void => {
  world.facts = observedFacts({}, { acme: () => ({ configSha256: known('b'.repeat(64), 'test') }) });
  world.findings = [FINE, OPEN];
};
const restore = (world: World): void => {
  world.facts = observedFacts();
  world.findings = [FINE];
};

test('an unchanged fleet is attacked once, told once, kept once, and looked at every 30 s', async () => {
  const { events, attacks, kept, samples, slept, exitCode, open } = await rig([nothing, nothing, nothing]);
  assert.deepEqual([attacks, kept, samples.length, exitCode, open], [1, 1, 3, 0, 0]);
  assert.deepEqual(
    events.map(({ event, verdict }) => [event, verdict]),
    [['verdict', 'pass']],
  );
  assert.deepEqual(slept, [13_000, 28_000, 28_000]);
  assert.ok((samples[2]?.attackAgeSeconds ?? 0) > (samples[1]?.attackAgeSeconds ?? 0));
});

test('a drift is told from the facts before the attacks it sets off, and again when it is over', async () => {
  const { events, attacks, toldBeforeAttack, samples, exitCode } = await rig([nothing, widen, restore]);
  assert.equal(attacks, 3);
  const [, drift, over] = events;
  assert.deepEqual(
    drift?.changed.map(({ id, tenants, was, now, next }) => [id, tenants, was, now, next]),
    [['fs.perms-cross', ['acme'], 'held', 'fail', 'bulkhead explain fs.perms-cross']],
  );
  assert.deepEqual([drift?.verdict, drift?.exitCode], ['fail', 1]);
  assert.deepEqual(toldBeforeAttack, [0, 2, 3]);
  assert.deepEqual(
    samples.map((one) => one.exitCode),
    [0, 1, 1, 0, 0],
  );
  assert.deepEqual(
    over?.changed.map(({ id, now }) => [id, now]),
    [['fs.perms-cross', 'held']],
  );
  assert.equal(exitCode, 0);
});

test('a breach that only attacks see is told with exit 4, stays told once, and ends the watch with 4', async () => {
  const { events, exitCode } = await rig([
    nothing,
    (world) => {
      widen(world);
      world.findings = [FINE];
      world.breached = true;
    },
    nothing,
  ]);
  assert.deepEqual(
    events.map(({ exitCode: code }) => code),
    [0, 4],
  );
  assert.equal(events[1]?.changed[0]?.id, 'files.read-state');
  assert.equal(exitCode, 4);
});

test('attacks are run again when they are old, and after a while when one got through', async () => {
  const later =
    (milliseconds: number) =>
    (world: World): void => {
      world.clock += milliseconds;
    };
  const old = await rig([nothing, later(5 * 3_600_000), later(3_600_000)]);
  assert.equal(old.attacks, 2);
  const breached = await rig([(world) => (world.breached = true), nothing, later(30 * 60_000)]);
  assert.equal(breached.attacks, 2);
});

test('a run that throws is unknown, is told once, is tried again, and is told when it works again', async () => {
  const breaks = (world: World): void => {
    world.broken = 'host local: it cannot be reached';
  };
  const works = (world: World): void => {
    world.broken = undefined;
  };
  const { events, samples, exitCode } = await rig([nothing, breaks, breaks, works]);
  assert.deepEqual(
    events.map(({ verdict, message }) => [verdict, message]),
    [
      ['pass', undefined],
      ['unknown', 'host local: it cannot be reached'],
      ['pass', undefined],
    ],
  );
  assert.deepEqual(
    samples.map((one) => one.exitCode),
    [0, 3, 3, 0],
  );
  assert.equal([...(samples[1]?.tenants.values() ?? [])].join(), '3,3');
  assert.equal(exitCode, 0);
});

test('a watch that never saw anything ends with 3', async () => {
  assert.equal((await rig([(world) => (world.broken = 'no manifest')])).exitCode, 3);
});

test('while somebody changes the fleet nothing is judged; what a change ran into is thrown away', async () => {
  const { events, samples, slept } = await rig([
    nothing,
    (world) => {
      widen(world);
      world.changedBy = 'root runs bulkhead apply (pid 7)';
    },
    (world) => {
      world.changedBy = undefined;
      // An apply begins and ends while the attacks run.
      world.attack = () => (world.generation = 'two');
      world.findings = [FINE];
    },
    (world) => {
      restore(world);
      world.attack = nothing;
    },
  ]);
  assert.deepEqual(
    events.map(({ event, verdict, message }) => [event, verdict, message]),
    [
      ['verdict', 'pass', undefined],
      ['problem', 'pass', 'waiting: root runs bulkhead apply (pid 7)'],
      ['verdict', 'pass', undefined],
    ],
  );
  // The third is of the facts alone, before the attacks that were thrown away.
  assert.equal(samples.length, 3);
  assert.deepEqual(slept.slice(1, 3), [2000, 2000]);
});

test('a heartbeat after an hour without news', async () => {
  const { events } = await rig([nothing, (world) => (world.clock += 3_600_000)]);
  assert.deepEqual(
    events.map(({ event }) => event),
    ['verdict', 'heartbeat'],
  );
});
