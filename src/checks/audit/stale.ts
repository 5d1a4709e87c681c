/** An audit is old. */
import { defineCheck } from '../../core/check.ts';

const MOST_DAYS = 7;

export const check = defineCheck({
  id: 'audit.stale',
  title: 'An audit is older than seven days',
  why: 'Config, plugins and OpenClaw itself change; an old audit speaks of another gateway.',
  fix: 'Run: bulkhead verify.',
  how: 'The time at which the audit ran is compared with that of the facts.',
  source: 'openclaw 2026.9.6 docs/cli/security.md; output seen by running it',
  severity: { team: 'warn', clients: 'warn', adversarial: 'high' },
  needs: ['audit'],
  phases: ['observed'],
  item: 'audit',
  *judge(facts) {
    for (const { tenant, audit } of facts.tenants) {
      if (!audit.known) continue;
      const days = Math.floor((Date.parse(facts.takenAt) - Date.parse(audit.value.takenAt)) / 86_400_000);
      // A time that cannot be read is as good as none.
      if (!(days <= MOST_DAYS)) yield { tenants: [tenant], message: `the audit of ${tenant} is ${days} days old`, evidence: [audit.value.takenAt] };
    }
  },
});
