import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProbeResult } from '../core/probe.ts';
import { SAMPLE_LAYOUT, sampleBlueprint } from '../../test/support/sample.ts';
import type { Probe, Side } from './define.ts';
import { probe as byUser } from './attacks/files.by-user.ts';
import { probe as list } from './attacks/files.list.ts';
import { probe as affected } from './attacks/victim.affected.ts';
import { openLedger } from './ledger.ts';
import { answersFor, planAttempts, type Pair } from './plan.ts';
import { sideOf } from './sides.ts';

const PROBES: readonly Probe[] = [byUser, list, affected];

function side(name: string, first: number): Side {
  const blueprint = { ...sampleBlueprint(name, first), rung: 'profile' as const };
  const marks = { nonce: `${name}-nonce`.padEnd(32, '0'), decoyNonce: 'decoy', decoyUid: 2_000_000_000 };
  return sideOf({ blueprint, layout: SAMPLE_LAYOUT, marks, details: {}, gateway: undefined, held: undefined, scripted: false, hasToken: false });
}

test('a pair’s probe is folded with the last answer it hangs on, victim.affected at the end, and results come pair by pair', () => {
  const sides = [side('acme', 20_000), side('globex', 20_120)];
  const chosen = [
    { attacker: 'acme', victim: 'globex' },
    { attacker: 'globex', victim: 'acme' },
  ];
  const plan = planAttempts(PROBES, sides, chosen);
  const told: string[] = [];
  const name = (probe: Probe, { attacker, victim }: Pair): string => `${probe.id} ${attacker.tenant} ${victim.tenant}`;
  const ledger = openLedger({
    probes: PROBES,
    plan,
    isLast: ({ id }) => id === 'victim.affected',
    fold: (probe, pair) => ({ id: name(probe, pair) }) as ProbeResult, // all that is looked at
    onResult: ({ id }) => told.push(id),
    onPair: (done, of) => told.push(`pair ${done} of ${of}`),
  });
  // On this rung nobody has an OS user of its own: that probe has nothing to wait for.
  assert.deepEqual(told.splice(0), ['files.by-user acme globex', 'files.by-user globex acme']);
  const pair = plan.pairs[0];
  assert.ok(pair);
  const keys = answersFor(list, pair);
  assert.ok(keys.length > 2);
  for (const key of keys) ledger.answered(key);
  ledger.ran('acme', 'inside');
  assert.deepEqual(told.splice(0), [], 'globex has not said where it ran');
  ledger.ran('globex', 'user');
  assert.deepEqual(told.splice(0), []);
  ledger.ran('globex', 'inside');
  assert.deepEqual(told.splice(0), ['files.list acme globex', 'pair 1 of 2']);
  const results = ledger.close();
  assert.deepEqual(told, ['victim.affected acme globex', 'files.list globex acme', 'pair 2 of 2', 'victim.affected globex acme']);
  assert.deepEqual(
    results.map(({ id }) => id),
    plan.pairs.flatMap((each) => PROBES.map((probe) => name(probe, each))),
  );
});
