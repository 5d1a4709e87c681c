import assert from 'node:assert/strict';
import { test } from 'node:test';
import { observedFacts } from '../checks/testing/clean-facts.ts';
import { fixtureProbe, fixtureReport } from '../../test/support/report-fixture.ts';
import { unknown } from '../core/facts.ts';
import type { VerifyReport } from '../core/report.ts';
import { reuse, type Earlier, type ReuseLimits } from './reuse.ts';
import { conclude, look, type Verification } from './verify.ts';

const FACTS = 'f'.repeat(64);
const RAN_AT = '2026-11-24T09:00:00.000Z';
const HOUR = 3_600_000;
const after = (milliseconds: number): Date => new Date(Date.parse(RAN_AT) + milliseconds);
const limits = (change: Partial<ReuseLimits> = {}): ReuseLimits => ({
  now: after(60_000),
  maxAgeMs: HOUR,
  unsettledMaxAgeMs: 0,
  pairs: Infinity,
  ...change,
});
const earlier = (change: Partial<VerifyReport> = {}, sound = true): Earlier => ({
  evidence: 'e'.repeat(64),
  sound,
  report: fixtureReport({ attacks: { ranAt: RAN_AT, factsSha256: FACTS }, ...change }),
});
const why = (one: Earlier | undefined, change: Partial<ReuseLimits> = {}): string | undefined => {
  const answer = reuse(one, FACTS, limits(change));
  return answer.taken === undefined ? answer.why : undefined;
};

test('attacks and audits on the same facts are taken over, and say from which evidence', () => {
  const answer = reuse(earlier(), FACTS, limits());
  assert.deepEqual(answer.taken?.attacks, { ranAt: RAN_AT, factsSha256: FACTS, reusedFrom: 'e'.repeat(64) });
  assert.equal(answer.taken?.probes.length, 12);
  assert.deepEqual([...(answer.taken?.audits.keys() ?? [])], ['acme', 'globex']);
});

test('what was taken over itself keeps the age and the evidence of the attacks', () => {
  const attacks = { ranAt: RAN_AT, factsSha256: FACTS, reusedFrom: 'd'.repeat(64) };
  assert.deepEqual(reuse(earlier({ attacks }), FACTS, limits()).taken?.attacks, attacks);
  assert.match(why(earlier({ attacks }), { now: after(HOUR) }) ?? '', /60 min old/);
});

test('nothing is taken over that is too old, changed, unsound, or was never run', () => {
  assert.match(why(undefined) ?? '', /not verified before/);
  assert.match(why(earlier(), { now: after(HOUR) }) ?? '', /old/);
  assert.match(why(earlier(), { now: after(-1) }) ?? '', /clock/);
  assert.match(why(earlier({}, false)) ?? '', /not what was stored/);
  const { attacks: _attacks, ...never } = earlier().report;
  assert.match(why({ ...earlier(), report: never }) ?? '', /attacked nothing/);
  assert.match(why(earlier({ attacks: { ranAt: RAN_AT, factsSha256: '0'.repeat(64) } })) ?? '', /has changed/);
  assert.match(why(earlier({ attacks: { ranAt: 'yesterday', factsSha256: FACTS } })) ?? '', /clock/);
});

test('a sample of the pairs stands only for a sample of no more', () => {
  const sampled = earlier({ pairs: { attacked: 40, of: 90, seed: 7 } });
  assert.equal(why(sampled, { pairs: 40 }), undefined);
  assert.match(why(sampled, { pairs: 41 }) ?? '', /fewer pairs/);
  assert.match(why(sampled) ?? '', /fewer pairs/);
  assert.equal(why(earlier({ pairs: { attacked: 90, of: 90 } })), undefined);
});

test('a breach, an unknown attack, a missing audit and attacks that were left out are tried again', () => {
  const { facts } = fixtureReport();
  const unaudited = { ...facts, tenants: facts.tenants.map((tenant) => ({ ...tenant, audit: unknown('it was left out') })) };
  const unsettled = [
    earlier({ probes: [fixtureProbe({ verdict: 'breached' })] }),
    earlier({ probes: [fixtureProbe(), fixtureProbe({ verdict: 'unknown' })] }),
    earlier({ probes: [] }),
    earlier({ facts: unaudited }),
  ];
  for (const one of unsettled) {
    assert.match(why(one) ?? '', /not all .* held/);
    assert.equal(why(one, { unsettledMaxAgeMs: 120_000 }), undefined, 'a watch waits before it tries again');
  }
});

/** A fleet whose facts are given, and how often it was attacked and audited. */
function rig(facts = observedFacts()) {
  const ran = { attacks: 0, audits: 0 };
  const verification: Verification = {
    fleet: { name: 'f', source: { path: 'bulkhead.yaml', sha256: 'a'.repeat(64) } },
    version: '1.0.0',
    observe: async () => facts,
    judge: () => [],
    audit: async () => {
      ran.audits += 1;
      return new Map(facts.tenants.map(({ tenant, audit, auditRun }) => [tenant, { audit, auditRun }]));
    },
    probe: async () => {
      ran.attacks += 1;
      return { probes: [fixtureProbe()], pairs: { attacked: 2, of: 2 } };
    },
    now: () => after(0),
    signal: new AbortController().signal,
  };
  return { verification, ran };
}

test('an unchanged fleet is not attacked and audited again, one that changed is', async () => {
  const first = rig();
  const report = await conclude(first.verification, await look(first.verification));
  assert.deepEqual(first.ran, { attacks: 1, audits: 1 });
  const kept: Earlier = { evidence: 'e'.repeat(64), sound: true, report };

  const same = rig();
  const looked = await look(same.verification);
  const again = await conclude(same.verification, looked, reuse(kept, looked.factsSha256, limits()).taken);
  assert.deepEqual(same.ran, { attacks: 0, audits: 0 });
  assert.equal(again.attacks?.reusedFrom, kept.evidence);
  assert.deepEqual(again.probes, report.probes);
  assert.deepEqual(again.facts.tenants[0]?.audit, report.facts.tenants[0]?.audit);

  const opened = rig(observedFacts({}, { acme: () => ({ egress: unknown('nft said nothing') }) }));
  const changed = await look(opened.verification);
  const fresh = await conclude(opened.verification, changed, reuse(kept, changed.factsSha256, limits()).taken);
  assert.deepEqual(opened.ran, { attacks: 1, audits: 1 });
  assert.equal(fresh.attacks?.reusedFrom, undefined);
});
