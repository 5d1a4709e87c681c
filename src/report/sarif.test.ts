import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import Ajv from 'ajv';
import { fixtureFinding, fixtureReport } from '../../test/support/report-fixture.ts';
import type { Finding } from '../core/check.ts';
import type { Rule } from './rule.ts';
import { sarifLog } from './sarif.ts';

interface Log {
  readonly runs: readonly [
    {
      readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string; readonly help: { readonly text: string } }[] } };
      readonly invocations: readonly [{ readonly executionSuccessful: boolean; readonly toolExecutionNotifications: readonly object[] }];
      readonly results: readonly {
        readonly ruleId: string;
        readonly ruleIndex: number;
        readonly kind: string;
        readonly level: string;
        readonly suppressions?: readonly object[];
        readonly partialFingerprints: object;
        readonly locations: readonly { readonly physicalLocation?: { readonly region?: { readonly startLine: number } } }[];
      }[];
    },
  ];
}

const RULE: Rule = {
  id: 'state.dir-shared',
  kind: 'check',
  title: 'Two gateways use one state directory',
  why: 'Both read it.',
  how: 'Paths are compared.',
  fix: 'Move one.',
  source: 'openclaw 2026.9.6',
  severity: { team: 'critical', clients: 'critical', adversarial: 'critical' },
  item: 'state-directory',
  judgedOn: ['declared', 'running'],
};
const LINES: Readonly<Record<string, number>> = { acme: 7, globex: 12 };

const require = createRequire(import.meta.url);
const ajv = new Ajv({ schemaId: 'auto', meta: false, unknownFormats: 'ignore' });
ajv.addMetaSchema(JSON.parse(readFileSync(require.resolve('ajv/lib/refs/json-schema-draft-04.json'), 'utf8')) as object);
const schema = readFileSync(require.resolve('@microsoft/jest-sarif').replace(/lib\/index\.js$/u, 'lib/schemas/sarif-2.1.0-rtm.5.json'), 'utf8');
const isSarif = ajv.compile(JSON.parse(schema) as object);

function logOf(findings: readonly Finding[]): Log {
  const report = fixtureReport({ findings, probes: [] });
  const log = sarifLog({ report, rules: [RULE], version: '0.1.0', manifest: 'fleets/a b.yaml', lineOf: (tenant) => LINES[tenant] });
  assert.ok(isSarif(log), JSON.stringify(isSarif.errors));
  return log as Log; // the schema has just said so
}

test('a failure is an error at the tenant’s line, with the help of its rule', () => {
  const [run] = logOf([fixtureFinding({ verdict: 'fail', severity: 'critical' })]).runs;
  const [result] = run.results;
  assert.equal(result?.kind, 'fail');
  assert.equal(result.level, 'error');
  assert.equal(result.locations[0]?.physicalLocation?.region?.startLine, 7);
  assert.match(run.tool.driver.rules[result.ruleIndex]?.help.text ?? '', /Paths are compared\.[\s\S]*Move one\./u);
});

test('an accepted risk is a suppressed result, a pass is none', () => {
  const accepted = { risk: 'we know', owner: 'o@x.test', until: '2027-01-01' };
  const [run] = logOf([fixtureFinding(), fixtureFinding({ id: 'host.admins', accepted })]).runs;
  assert.deepEqual(
    run.results.map(({ ruleId, suppressions }) => [ruleId, suppressions?.length]),
    [['host.admins', 1]],
  );
});

test('an unknown is open, never a pass, and the run did not succeed', () => {
  const [run] = logOf([fixtureFinding({ verdict: 'unknown', severity: 'critical', message: 'could not look' })]).runs;
  assert.deepEqual([run.results[0]?.kind, run.results[0]?.level], ['open', 'none']);
  assert.equal(run.invocations[0].executionSuccessful, false);
  assert.equal(run.invocations[0].toolExecutionNotifications.length, 1);
  assert.equal(logOf([fixtureFinding()]).runs[0].invocations[0].executionSuccessful, true);
});

test('a finding keeps its fingerprint whatever was seen, in whatever order', () => {
  const one = logOf([fixtureFinding({ verdict: 'fail', tenants: ['acme', 'globex'], message: 'a' })]);
  const two = logOf([fixtureFinding({ verdict: 'fail', tenants: ['globex', 'acme'], message: 'b' })]);
  assert.deepEqual(one.runs[0].results[0]?.partialFingerprints, two.runs[0].results[0]?.partialFingerprints);
});

test('rules that nobody knows, many tenants and hostile text stay valid', () => {
  const tenants = Array.from({ length: 50 }, (_, index) => `t${index}`);
  const hostile = '\u001b]0;x\u0007\u202e<b>%s{0}\n';
  const log = logOf([fixtureFinding({ id: 'odd.id', verdict: 'fail', severity: 'info', tenants, message: hostile, evidence: [hostile] })]);
  assert.ok(!JSON.stringify(log).includes('\u202e'));
});

test('the schema refuses what is not SARIF', () => assert.equal(isSarif({ version: '2.1.0', runs: [{}] }), false));
