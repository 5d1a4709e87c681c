import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MATRIX_COLUMNS, type MatrixCell } from '../core/report.ts';
import { fixtureFacts, fixtureFinding, fixtureProbe, fixtureReport, fixtureTenant } from '../../test/support/report-fixture.ts';
import { printJson } from './escape.ts';
import { bannedClaims } from './honest-words.ts';
import { reportJson } from './json.ts';
import { printReport } from './terminal.ts';

const PLAIN = { color: false, width: 100 };
const GREEN = '\u001b[32m';

test('a clean report says what passed, what is accepted, what was tried and what is not isolated', () => {
  const text = printReport(fixtureReport(), PLAIN);
  assert.match(text, /^PASS {2}0 findings, 1 accepted risk, 0 unknown, 9 checks passed, 12 of 12 attacks held/mu);
  assert.match(text, /from \\ toward {2}acme +globex\n +acme +· +6 held\n +globex +6 held +·/u);
  assert.match(text, /Accepted risks\n {2}warn {2}host\.admins/u);
  assert.match(text, /Not verified\n/u);
  assert.match(text, /Not isolated\n/u);
  assert.deepEqual(bannedClaims(text), []);
});

test('attacks that were taken over are told with their age, attacks of this run are not', () => {
  const attacks = { ranAt: '2026-11-24T09:18:00.000Z', factsSha256: 'f'.repeat(64), reusedFrom: 'e'.repeat(64) };
  const text = printReport(fixtureReport({ attacks }), PLAIN);
  assert.match(text, /^attacks and audits of 2026-11-24 09:18 UTC, 12 min ago; nothing they depend on has changed since$/mu);
  assert.match(text, /on 2026-11-24 09:30 UTC\s+\(attacks\s+and\s+audits\s+of\s+2026-11-24\s+09:18\s+UTC/u);
  assert.deepEqual(reportJson(fixtureReport({ attacks })).attacks, { ...attacks, ageSeconds: 720 });
  const { reusedFrom: _reusedFrom, ...fresh } = attacks;
  assert.doesNotMatch(printReport(fixtureReport({ attacks: fresh }), PLAIN), /attacks and audits of/u);
});

test('an attack that a pair cannot be tried with is not counted as one that did not hold', () => {
  const probes = [fixtureProbe({ verdict: 'contained' }), fixtureProbe({ id: 'backup.read', verdict: 'not-applicable' })];
  assert.match(printReport(fixtureReport({ probes }), PLAIN), /1 of 1 attack held/u);
});

test('an unknown is printed, is not green, and takes PASS away even when the verdict says pass', () => {
  const findings = [fixtureFinding({ verdict: 'unknown', message: 'could not check acme: no answer' })];
  const text = printReport(fixtureReport({ findings, probes: [] }), { ...PLAIN, color: true });
  assert.match(text, /UNKNOWN/u);
  assert.doesNotMatch(text, /PASS/u);
  assert.match(text, /state\.dir-shared \(acme, globex\): could not check acme: no answer/u);
  const first = text.split('\n').slice(0, 2).join('\n');
  assert.ok(!first.includes(GREEN));
});

test('a report over nothing is unknown', () => {
  assert.match(printReport(fixtureReport({ findings: [], probes: [], matrix: [] }), PLAIN), /^UNKNOWN /mu);
});

test('findings are grouped by the tenants concerned, the worst first, with evidence and fix', () => {
  const findings = [
    fixtureFinding({ id: 'a.warn', verdict: 'fail', severity: 'warn', tenants: ['acme'] }),
    fixtureFinding({ id: 'z.critical', verdict: 'fail', severity: 'critical', tenants: ['acme'], evidence: ['/srv/acme'] }),
    fixtureFinding({ id: 'b.high', verdict: 'fail', severity: 'high', tenants: ['globex'] }),
  ];
  const text = printReport(fixtureReport({ verdict: 'fail', exitCode: 1, findings }), PLAIN);
  assert.match(
    text,
    /Findings\n {2}acme\n {4}critical {2}z\.critical[\s\S]*· \/srv\/acme\n {6}fix: [\s\S]*warn {2}a\.warn[\s\S]*\n {2}globex\n {4}high {2}b\.high/u,
  );
});

test('a fleet whose pairs were chosen says so in text and in JSON, and how to attack the same ones again', () => {
  const sampled = fixtureReport({ pairs: { attacked: 2, of: 6, most: 2, seed: 77 } });
  const text = printReport(sampled, { ...PLAIN, width: 300 });
  const sentence = '4 of 6 ordered pairs were not attacked: a ring and random pairs were, 2 in all (seed 77).';
  assert.ok(text.slice(text.indexOf('Not verified')).includes(sentence));
  const document = reportJson(sampled);
  assert.deepEqual(document.pairs, { attacked: 2, of: 6, most: 2, seed: 77 });
  assert.ok(document.notVerified.some(({ reason }) => reason === sentence));
  const whole = fixtureReport({ pairs: { attacked: 2, of: 2 } });
  assert.doesNotMatch(printReport(whole, PLAIN), /not attacked/);
  assert.ok(!reportJson(whole).notVerified.some(({ subject }) => subject.startsWith('pairs')));
});

test('a breach that no finding tells of is still told', () => {
  const text = printReport(
    fixtureReport({ verdict: 'fail', exitCode: 4, probes: [fixtureProbe({ verdict: 'breached', detail: 'read the canary' })] }),
    PLAIN,
  );
  assert.match(text, /BREACHED {2}files\.read-state, acme → globex: read the canary/u);
});

test('hostile names never reach the terminal as they are', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
      const findings = (['fail', 'unknown'] as const).map((verdict) =>
        fixtureFinding({ verdict, message: text, title: text, evidence: [text], tenants: [text], fix: text }),
      );
      const probes = [fixtureProbe({ verdict: 'breached', detail: text, attacker: text }), fixtureProbe({ verdict: 'unknown', detail: text })];
      const report = fixtureReport({
        findings,
        probes,
        fleet: text,
        verdict: 'fail',
        matrix: [{ tenant: 'acme', column: 'port', value: text, source: text, unique: 'no' }],
      });
      assert.doesNotMatch(printReport(report, PLAIN).replaceAll('\n', ''), /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u);
      assert.doesNotMatch(printJson(reportJson(report)).replaceAll('\n', ''), /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    }),
  );
});

test('the JSON document has seven matrix keys per tenant, no digest, and never empty lists of what is not isolated or verified', () => {
  const document = reportJson(fixtureReport());
  assert.equal(document.schemaVersion, 1);
  for (const { cells } of document.matrix) assert.equal(Object.keys(cells).length, 7);
  assert.deepEqual(document.duplicates, []);
  assert.ok(document.notIsolated.length > 0 && document.notVerified.length > 0);
  assert.doesNotMatch(JSON.stringify(document), /token-of-acme|digest/u);
});

test('a fleet of ten thousand is printed within seconds, and tenants that are unique throughout are counted', () => {
  const tenants = [...Array(10_000).keys()].map((at) => fixtureTenant(`t${at}`, at));
  const matrix = tenants.flatMap(({ tenant }) =>
    MATRIX_COLUMNS.map((column): MatrixCell => ({
      tenant,
      column,
      value: 'x',
      source: 'y',
      unique: tenant === 't7' && column === 'port' ? 'no' : 'yes',
    })),
  );
  const started = performance.now();
  const text = printReport(fixtureReport({ facts: fixtureFacts(tenants), matrix, probes: [] }), PLAIN);
  assert.ok(performance.now() - started < 5000);
  assert.match(text, /^ {2}t7 +unique +SHARED/mu);
  assert.match(text, /9999 tenants unique in every column/u);
  assert.ok(text.split('\n').length < 60);
});
