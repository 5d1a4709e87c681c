import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { PROBES } from '../probes/index.ts';
import type { ReportDocument } from './json.ts';
import { recordRungs, rungsPage, withoutSurface, type RungRecords } from './rungs-page.ts';

type Verdict = ReportDocument['probes'][number]['verdict'];

function report(
  rungs: Readonly<Record<string, string>>,
  tried: readonly (readonly [id: string, attacker: string, victim: string, verdict: Verdict])[],
): ReportDocument {
  const facts = { tenants: Object.entries(rungs).map(([tenant, rung]) => ({ tenant, rung })) };
  const probes = tried.map(([id, attacker, victim, verdict]) => ({ id, attacker, victim, verdict }));
  // Only what a record is made of.
  return { facts, probes, attacks: { ranAt: '2026-11-29T01:02:03.000Z' } } as unknown as ReportDocument;
}

test('of two tenants on one rung the worst verdict is kept; where only one is on it, what was tried at it counts', () => {
  const records = recordRungs(
    report({ a: 'os-user', b: 'os-user', c: 'container' }, [
      ['files.by-user', 'a', 'b', 'contained'],
      ['files.by-user', 'b', 'a', 'breached'],
      ['files.list', 'a', 'b', 'contained'],
      ['files.list', 'b', 'a', 'not-applicable'],
      ['port.squat', 'a', 'c', 'breached'],
      ['port.squat', 'c', 'a', 'contained'],
    ]),
    'here',
    '1.0',
  );
  assert.deepEqual(records, {
    'os-user': {
      ranAt: '2026-11-29T01:02:03.000Z',
      where: 'here',
      openclaw: '1.0',
      attacks: { 'files.by-user': 'breached', 'files.list': 'contained' },
    },
    container: { ranAt: '2026-11-29T01:02:03.000Z', where: 'here', openclaw: '1.0', attacks: { 'port.squat': 'breached' } },
  });
  assert.throws(() => recordRungs(report({ a: 'os-user', c: 'container' }, []), 'here', '1.0'), /no tenant was attacked/);
});

test('every attack has a surface on the page, and the page has a line for each', () => {
  assert.deepEqual(withoutSurface(PROBES), []);
  const records = JSON.parse(readFileSync(new URL('../../docs/rungs.json', import.meta.url), 'utf8')) as RungRecords;
  const page = rungsPage(PROBES, records);
  for (const { id } of PROBES) assert.ok(page.includes(`| ${id} | `), id);
});

test('a cell leads to its attack and has a date; what was not run says so', () => {
  const attacks = PROBES.filter(({ id }) => id === 'files.list' || id === 'port.squat');
  const page = rungsPage(attacks, {
    profile: { ranAt: '2026-11-29T00:00:00Z', where: 'here', openclaw: '1.0', attacks: { 'files.list': 'breached' } },
  });
  assert.match(page, /^\| files\.list \| \[\*\*gets through\*\*\]\(attacks\/files\.list\.md\) 2026-11-29 \|$/m);
  assert.match(page, /^\| port\.squat \| not run \|$/m);
  assert.match(page, /^\* `host`: no verification is recorded\.$/m);
});
