import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WatchEvent } from '../core/watch.ts';
import { metricsText } from './metrics.ts';
import { watchJson, watchText } from './watch-text.ts';

const EVENT: WatchEvent = {
  event: 'verdict',
  at: '2026-11-28T12:00:00.123Z',
  fleet: 'f',
  verdict: 'fail',
  exitCode: 4,
  attacks: { ranAt: '2026-11-28T11:59:00.000Z', factsSha256: 'a'.repeat(64) },
  changed: [
    {
      id: 'fs.perms-cross',
      kind: 'check',
      tenants: ['acme', 'globex'],
      severity: 'critical',
      was: 'held',
      now: 'fail',
      message: 'globex may read \u001b[31m/srv',
      next: 'bulkhead explain fs.perms-cross',
    },
    { id: 'a.b', kind: 'check', tenants: [], severity: 'high', was: 'unknown', now: 'held', message: 'it is over' },
  ],
};

test('a change names the tenants, the finding, what it is and what to type next; hostile text is escaped', () => {
  assert.equal(
    watchText(EVENT),
    [
      '2026-11-28T12:00:00Z  FAIL  f  (exit 4)  attacks of 2026-11-28 11:59 UTC',
      '  + fail     acme, globex  fs.perms-cross (critical): globex may read \\u{1b}[31m/srv  Next: bulkhead explain fs.perms-cross',
      '  - over     the fleet  a.b (high): it is over',
      '',
    ].join('\n'),
  );
});

test('as JSON an event is one line that parses to itself', () => {
  const text = watchJson(EVENT);
  assert.equal(text.indexOf('\n'), text.length - 1);
  assert.ok(!text.includes('\u001b'));
  assert.deepEqual(JSON.parse(text), { schemaVersion: 1, kind: 'bulkhead.watch', ...EVENT });
});

test('metrics are Prometheus text with escaped labels', () => {
  const sample = {
    fleet: 'odd"\\\n',
    at: '2026-11-28T12:00:00.000Z',
    seconds: 1.5,
    exitCode: 4,
    failing: { info: 0, warn: 0, high: 1, critical: 2 },
    unknown: 3,
    tenants: new Map([['acme', 4]]),
    attackAgeSeconds: 61.7,
  };
  const lines = metricsText(sample).trimEnd().split('\n');
  for (const line of lines) assert.match(line, /^(?:# (?:HELP|TYPE) bulkhead_verify_[a-z_]+ .+|bulkhead_verify_[a-z_]+\{[a-z]+="[^\n]*"\} [0-9.]+)$/);
  const own = 'fleet="odd\\"\\\\\\n"';
  for (const line of [
    `bulkhead_verify_verdict{${own}} 4`,
    `bulkhead_verify_tenant_verdict{${own},tenant="acme"} 4`,
    `bulkhead_verify_findings{${own},severity="critical"} 2`,
    `bulkhead_verify_unknown{${own}} 3`,
    `bulkhead_verify_last_run_timestamp_seconds{${own}} 1795867200`,
    `bulkhead_verify_run_seconds{${own}} 1.5`,
    `bulkhead_verify_attack_age_seconds{${own}} 61`,
  ])
    assert.ok(lines.includes(line), line);
  const { attackAgeSeconds: _age, ...without } = sample;
  assert.doesNotMatch(metricsText(without), /attack_age/);
});
