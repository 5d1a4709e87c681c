import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding } from '../core/check.ts';
import type { ProbeResult } from '../core/probe.ts';
import type { Severity, Verdict } from '../core/words.ts';
import { exitCodeOf, overallVerdict, probeFindings } from './fold.ts';

const finding = (verdict: Verdict, severity: Severity = 'high', kind: Finding['kind'] = 'check'): Finding => ({
  id: 'x',
  kind,
  verdict,
  severity,
  tenants: ['a'],
  title: '',
  message: '',
  evidence: [],
  fix: '',
  item: '',
});
const result = (verdict: ProbeResult['verdict'], severity: Severity = 'critical', attacker = 'a', victim = 'b'): ProbeResult => ({
  id: 'files.list',
  attacker,
  victim,
  verdict,
  severity,
  detail: 'because',
  positiveControl: { held: true, detail: '' },
  negativeControl: { held: true, detail: '' },
  durationMs: 1,
});
const NO_RISKS = { risks: [], takenAt: '2026-11-24T00:00:00Z' };

test('a breach decides before findings, findings before what could not be verified', () => {
  const table: readonly (readonly [readonly Finding[], number, Verdict])[] = [
    [[finding('pass')], 0, 'pass'],
    [[finding('pass'), finding('not-applicable')], 0, 'pass'],
    [[finding('pass'), finding('unknown')], 3, 'unknown'],
    [[], 3, 'unknown'],
    [[finding('unknown'), finding('fail')], 1, 'fail'],
    [[finding('unknown'), finding('fail'), finding('fail', 'critical', 'probe')], 4, 'fail'],
    [[finding('fail', 'warn'), finding('pass')], 0, 'pass'],
    [[finding('fail', 'warn'), finding('unknown')], 3, 'unknown'],
    [[finding('fail', 'info', 'probe'), finding('pass')], 0, 'pass'],
  ];
  for (const [findings, exitCode, verdict] of table) {
    assert.equal(exitCodeOf(findings, 'high'), exitCode, JSON.stringify(findings));
    assert.equal(overallVerdict(findings, 'high'), verdict, JSON.stringify(findings));
  }
});

test('every pair that did not hold is a finding of its own, those that held are one', () => {
  const findings = probeFindings(
    [
      result('contained'),
      result('contained', 'critical', 'b', 'a'),
      result('breached', 'critical', 'a', 'c'),
      result('unknown', 'critical', 'c', 'a'),
    ],
    NO_RISKS,
  );
  assert.deepEqual(
    findings.map(({ verdict, tenants }) => [verdict, tenants.join()]),
    [
      ['fail', 'a,c'],
      ['unknown', 'c,a'],
      ['pass', 'a,b'],
    ],
  );
});

test('a probe that held on every chosen pair does not speak for the others', () => {
  const said = (attacked: number, of: number): string => probeFindings([result('contained')], NO_RISKS, { attacked, of })[0]?.message ?? '';
  assert.equal(said(1, 1), '1 of 1 ordered pairs: refused, with both controls held');
  assert.equal(said(1, 6), '1 of 1 ordered pairs: refused, with both controls held; the fleet has 6 pairs, the others were not attacked');
});

test('held by policy is policy only where the operating system lets the same pair through', () => {
  const pair = (id: string, verdict: ProbeResult['verdict'], detail: string, attacker = 'a'): ProbeResult => ({
    ...result(verdict, 'critical', attacker),
    id,
    detail,
  });
  const held = [pair('agent.write', 'contained', 'by policy: the tool refused the path'), pair('agent.write', 'contained', 'by policy', 'c')];
  const message = (wall: ProbeResult): string => probeFindings([...held, wall], NO_RISKS).find(({ id }) => id === 'agent.write')?.message ?? '';
  assert.equal(message(pair('files.write', 'contained', 'EACCES')), '2 of 2 ordered pairs: refused, with both controls held');
  assert.match(message(pair('files.write', 'breached', 'it wrote')), /; policy only on 1, where files.write got through$/);
  assert.doesNotMatch(message(pair('files.list', 'breached', 'it listed')), /policy only/);
});

test('what held once policy was lifted is told by what held it, and a gateway that could not be started as that', () => {
  const lifted = (heldBy: 'policy' | 'boundary' | 'tool' | undefined, attacker: string): ProbeResult => ({
    ...result('contained', 'critical', attacker),
    lifted: { verdict: 'contained', detail: 'not lifted: memory', ...(heldBy === undefined ? {} : { heldBy }) },
  });
  const of = (...all: readonly ProbeResult[]): string => probeFindings(all, NO_RISKS)[0]?.message ?? '';
  assert.match(
    of(lifted('policy', 'a'), lifted('policy', 'c'), lifted('boundary', 'd')),
    /; with policy lifted: held by policy only on 2, held by the boundary on 1$/,
  );
  assert.match(
    of(lifted(undefined, 'a'), lifted('tool', 'c')),
    /; with policy lifted: not known \(not lifted: memory\) on 1, held by a rule of the tool on 1$/,
  );
});

test('a breach among a team is shown and does not fail', () => {
  const findings = probeFindings([result('breached', 'info')], NO_RISKS);
  assert.equal(findings[0]?.verdict, 'fail');
  assert.equal(exitCodeOf(findings, 'high'), 0);
});

test('a named risk for the probe itself accepts a breach until its day has passed; one for the row does not', () => {
  const risk = { item: 'files.list', tenants: ['a', 'b'], risk: 'known', owner: 'ops', until: '2026-11-24' };
  const fold = (item: string, until: string): number =>
    exitCodeOf(probeFindings([result('breached')], { risks: [{ ...risk, item, until }], takenAt: NO_RISKS.takenAt }), 'high');
  assert.equal(fold('files.list', '2026-11-24'), 0);
  assert.equal(fold('files.list', '2026-11-23'), 4);
  assert.equal(fold('state-directory', '2026-11-24'), 4);
});
