/** The audit gave no answer. */
import { defineCheck } from '../../core/check.ts';

export const check = defineCheck({
  id: 'audit.unreadable',
  title: 'The security audit of OpenClaw gave no answer',
  why: 'An audit that refuses the config, or prints no JSON, has looked at nothing.',
  fix: 'Run it by hand: bulkhead exec TENANT -- openclaw security audit --json',
  how: 'The audit ran, and what it printed is no audit.',
  source: 'openclaw 2026.9.6 docs/cli/security.md; output seen by running it',
  severity: { team: 'high', clients: 'high', adversarial: 'high' },
  needs: ['auditRun'],
  phases: ['observed'],
  item: 'audit',
  *judge(facts) {
    for (const { tenant, auditRun } of facts.tenants) {
      if (auditRun.known && auditRun.value.unreadable !== undefined)
        yield { tenants: [tenant], message: `the audit of ${tenant} cannot be read`, evidence: [auditRun.value.unreadable] };
    }
  },
});
