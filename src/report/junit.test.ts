import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fixtureFinding, fixtureReport } from '../../test/support/report-fixture.ts';
import { requires } from '../../test/support/requires.ts';
import type { Finding } from '../core/check.ts';
import type { Severity } from '../core/words.ts';
import { junitXml } from './junit.ts';

const skip = requires({ programs: ['xmllint'] });
const XSD = new URL('../../test/support/junit.xsd', import.meta.url).pathname;

function validate(xml: string): string {
  const { status, stderr } = spawnSync('xmllint', ['--noout', '--nonet', '--schema', XSD, '-'], { input: xml, encoding: 'utf8' });
  return status === 0 ? '' : stderr;
}

function xmlOf(findings: readonly Finding[], threshold: Severity = 'high'): string {
  return junitXml(fixtureReport({ findings }), threshold);
}

const FAIL = fixtureFinding({ verdict: 'fail', severity: 'high', tenants: ['acme'], message: 'open to all', evidence: ['/srv/acme'] });

test('attacks that were taken over stand in the properties of each suite', { skip }, () => {
  const attacks = { ranAt: '2026-11-24T09:18:00.000Z', factsSha256: 'f'.repeat(64), reusedFrom: 'e'.repeat(64) };
  const xml = junitXml(fixtureReport({ attacks }), 'high');
  assert.equal(validate(xml), '');
  assert.match(xml, /<property name="attacksRanAt" value="2026-11-24T09:18:00.000Z"\/>/);
  assert.doesNotMatch(junitXml(fixtureReport(), 'high'), /<propert/);
});

test('a failure fails its case, an unknown is an error, what does not apply is skipped', { skip }, () => {
  const xml = xmlOf([
    FAIL,
    fixtureFinding({ id: 'a.b', verdict: 'unknown', message: 'no answer' }),
    fixtureFinding({ id: 'c.d', verdict: 'not-applicable' }),
    fixtureFinding({ id: 'e.f' }),
  ]);
  assert.equal(validate(xml), '');
  assert.match(xml, /<testsuites [^>]*tests="4" failures="1" errors="1" skipped="1"/u);
  assert.match(xml, /<testsuite name="acme" tests="1" failures="1"/u);
  assert.match(xml, /<failure type="high" message="open to all">open to all\n\/srv\/acme\nfix: /u);
  assert.match(xml, /<error type="unknown" message="no answer">/u);
});

test('below the threshold and accepted findings are told and do not fail', { skip }, () => {
  const accepted = { risk: 'we know', owner: 'o@x.test', until: '2027-01-01' };
  const xml = xmlOf([
    { ...FAIL, severity: 'warn' },
    { ...FAIL, verdict: 'pass', accepted },
  ]);
  assert.equal(validate(xml), '');
  assert.match(xml, / failures="0" errors="0"/u);
  assert.match(xml, /warn, below the threshold/u);
  assert.match(xml, /accepted by o@x\.test until 2027-01-01: we know/u);
  assert.match(xmlOf([{ ...FAIL, severity: 'warn' }], 'warn'), / failures="1"/u);
});

test('hostile text cannot end an element, add one, or make the file unreadable', { skip }, () => {
  const hostile = ']]></failure><testcase name="x"/>\u0000\u001b[2J\u202e&amp;"\'\ud800';
  const xml = xmlOf([fixtureFinding({ verdict: 'fail', severity: 'critical', message: hostile, evidence: [hostile], fix: hostile })]);
  assert.equal(validate(xml), '');
  assert.equal(xml.match(/<testcase/gu)?.length, 1);
});

test('the schema refuses what is not JUnit', { skip }, () => assert.match(validate('<testsuites><x/></testsuites>'), /not expected|is not/u));
