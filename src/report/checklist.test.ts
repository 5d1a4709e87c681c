import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { unknown } from '../core/facts.ts';
import { fixtureFacts, fixtureFinding, fixtureProbe, fixtureReport, fixtureTenant } from '../../test/support/report-fixture.ts';
import { checklist } from './checklist.ts';
import { PAGE_LINES } from './checklist-text.ts';
import { bannedClaims } from './honest-words.ts';
import { ITEM_TEXT } from './items.ts';

const NOW = new Date('2026-11-25T00:00:00Z');
const PLAIN = { color: false, width: 100 };
const LABELS = [
  'State directory',
  'Workspace',
  'Browser profile',
  'Channel credentials',
  'Model credentials',
  'Gateway token',
  'Port',
  'Logs',
  'Backups',
  'Who can access the host',
];

test('the page has the ten rows in their order, in text and in Markdown', () => {
  const page = checklist({ report: fixtureReport(), tenant: 'acme', now: NOW });
  assert.deepEqual(
    page.document.rows.map(({ label }) => label),
    LABELS,
  );
  const text = page.text(PLAIN);
  const markdown = page.markdown.split('\n').filter((line) => /^\| \d/u.test(line));
  assert.deepEqual(
    markdown.map((line) => line.split(' | ')[1]),
    LABELS,
  );
  for (const [at, label] of LABELS.entries()) assert.match(text, new RegExp(`^${String(at + 1).padStart(2)} ${label}`, 'mu'));
});

test('tenants that share only their named host administrators have a complete page', () => {
  const page = checklist({ report: fixtureReport(), tenant: 'acme', now: NOW });
  assert.deepEqual(page.problems, []);
  assert.equal(page.complete, true);
  assert.match(page.text(PLAIN), /shared with globex: “Our two administrators/u);
});

test('a share whose named risk has run out is not named', () => {
  const page = checklist({ report: fixtureReport(), tenant: 'acme', now: new Date('2027-03-02') });
  assert.equal(page.complete, false);
  assert.deepEqual(
    page.problems.map(({ kind, item }) => [kind, item]),
    [['unnamed-share', 'host-admins']],
  );
});

test('one log file for two tenants makes the page incomplete until the row’s risk is named', () => {
  const tenants = [fixtureTenant('acme', 0), fixtureTenant('globex', 1)].map((tenant) =>
    tenant.paths.known
      ? {
          ...tenant,
          paths: { ...tenant.paths, value: tenant.paths.value.map((path) => (path.role === 'log' ? { ...path, real: '/tmp/openclaw.log' } : path)) },
        }
      : tenant,
  );
  const facts = fixtureFacts(tenants);
  const page = checklist({ report: fixtureReport({ facts }), tenant: 'globex', now: NOW });
  assert.deepEqual(
    page.problems.map(({ kind, item }) => [kind, item]),
    [['unnamed-share', 'logs']],
  );
  assert.match(page.problems[0]?.hint ?? '', /namedRisks: \{ item: logs, tenants: \[globex, acme\]/u);
  assert.match(page.text(PLAIN), /NO NAMED RISK/u);
  const risks = [...facts.risks, { item: 'logs', tenants: ['acme', 'globex'], risk: 'One log.', owner: 'ops', until: '2027-01-01' }];
  assert.equal(checklist({ report: fixtureReport({ facts: { ...facts, risks } }), tenant: 'globex', now: NOW }).complete, true);
});

test('a risk named for a part of a row does not cover the row', () => {
  const facts = fixtureFacts([fixtureTenant('acme', 0), { ...fixtureTenant('globex', 1), paths: fixtureTenant('acme', 0).paths }]);
  const risks = [...facts.risks, { item: 'config', tenants: ['acme', 'globex'], risk: 'x', owner: 'ops', until: '2027-01-01' }];
  const page = checklist({ report: fixtureReport({ facts: { ...facts, risks } }), tenant: 'acme', now: NOW });
  assert.ok(page.problems.some(({ kind, item }) => kind === 'unnamed-share' && item === 'state-directory'));
});

test('what could not be seen is unknown, never unique, and the page is incomplete', () => {
  const facts = fixtureFacts([{ ...fixtureTenant('acme', 0), paths: unknown('stat timed out') }, fixtureTenant('globex', 1)]);
  const page = checklist({ report: fixtureReport({ facts }), tenant: 'acme', now: NOW });
  assert.equal(page.document.rows[0]?.unique, 'unknown');
  assert.ok(page.document.notVerified.some((line) => line.includes('stat timed out')));
  assert.equal(page.complete, false);
});

test('a row that no check and no attack looked at is not called unique', () => {
  const page = checklist({ report: fixtureReport({ findings: [], probes: [] }), tenant: 'acme', now: NOW });
  assert.equal(page.document.rows[1]?.unique, 'unknown');
  assert.ok(page.document.notVerified.includes('No attack was tried from globex.'));
});

test('a failure that concerns one tenant shows on its row', () => {
  const findings = [
    ...fixtureReport().findings,
    fixtureFinding({ id: 'fs.perms-cross', item: 'permissions', verdict: 'fail', severity: 'high', tenants: ['acme'] }),
  ];
  const page = checklist({ report: fixtureReport({ findings }), tenant: 'acme', now: NOW });
  assert.deepEqual(page.document.rows[0]?.failed, [{ id: 'fs.perms-cross', severity: 'high' }]);
  assert.equal(page.complete, false);
});

test('what is not isolated and what is not verified is on every page, also on a clean one and on a plan', () => {
  for (const phase of ['plan', 'verify'] as const) {
    const page = checklist({ report: fixtureReport({ phase }), tenant: 'acme', now: NOW });
    for (const text of [page.text(PLAIN), page.markdown])
      assert.match(text, /Not isolated here[\s\S]*Administrators of host local \(ops\)[\s\S]*Not verified[\s\S]*Never tried/u);
  }
});

test('the page fits 66 lines whatever the tenants, and holds nothing unprintable', () => {
  const hostile = fc.string({ unit: 'binary', maxLength: 400 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 30 }), hostile, fc.integer({ min: 20, max: 200 }), fc.boolean(), (many, text, width, same) => {
      const tenants = [...Array(many).keys()].map((at) => {
        const tenant = fixtureTenant(`t${at}`, at);
        const shared = fixtureTenant('t0', 0);
        return {
          ...tenant,
          boundary: { ...tenant.boundary, data: text },
          policy: unknown(text),
          ...(same ? { paths: shared.paths, secrets: shared.secrets, ports: shared.ports, identities: shared.identities } : {}),
        };
      });
      const facts = fixtureFacts(tenants);
      const risks = [
        ...facts.risks,
        { item: 'logs', tenants: tenants.map(({ tenant }) => tenant), risk: text, owner: text, until: '2028-01-01' },
        { item: 'kernel', tenants: ['t0'], risk: text, owner: text, until: '2028-01-01' },
      ];
      const probes = tenants.slice(1).map(({ tenant }) => fixtureProbe({ attacker: tenant, victim: 't0', verdict: 'unknown', detail: text }));
      const page = checklist({ report: fixtureReport({ facts: { ...facts, risks }, probes }), tenant: 't0', now: NOW });
      for (const output of [page.text({ color: false, width }), page.markdown]) {
        const lines = output.trimEnd().split('\n');
        assert.ok(lines.length <= PAGE_LINES, `${lines.length} lines`);
        for (const line of lines) assert.doesNotMatch(line, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      }
    }),
    { numRuns: 60 },
  );
});

test('neither the page nor the risk sentences claim more than was tried', () => {
  const page = checklist({ report: fixtureReport(), tenant: 'acme', now: NOW });
  const risks = Object.values(ITEM_TEXT).map(({ risk }) => risk);
  for (const text of [page.text(PLAIN), page.markdown, ...risks]) assert.deepEqual(bannedClaims(text), []);
});

test('a breach toward the tenant shows on its row, is not called verified, and an accepted one does not fail', () => {
  const probes = [fixtureProbe({ id: 'gateway.token-replay-ws', attacker: 'globex', victim: 'acme', verdict: 'breached' })];
  const passed = fixtureFinding({ id: 'gateway.token-replay-ws', kind: 'probe', item: 'gateway-token', message: '1 of 2 ordered pairs' });
  const broken = checklist({ report: fixtureReport({ probes, findings: [...fixtureReport().findings, passed] }), tenant: 'acme', now: NOW });
  assert.deepEqual(broken.document.rows[5]?.failed, [{ id: 'gateway.token-replay-ws', severity: 'critical' }]);
  assert.deepEqual(broken.document.rows[5]?.verifiedBy, ['token.gateway-shared']);
  const accepted = { ...passed, accepted: { risk: 'known', owner: 'ops', until: '2027-01-01' } };
  assert.deepEqual(
    checklist({ report: fixtureReport({ probes, findings: [...fixtureReport().findings, accepted] }), tenant: 'acme', now: NOW }).problems,
    [],
  );
});
