/** The security audit of OpenClaw warns. */
import { defineCheck } from '../../core/check.ts';
import { auditViolations } from '../audit-findings.ts';

export const check = defineCheck({
  id: 'audit.warnings',
  title: 'The security audit of OpenClaw warns',
  why: 'The audit looks at one gateway from within; what it finds weakens this tenant whoever its neighbours are.',
  fix: 'Do what the remediation of the finding says, then run: bulkhead verify.',
  how: 'The audit runs as the tenant, where its gateway runs.',
  source: 'openclaw 2026.9.6 docs/cli/security.md; output seen by running it',
  severity: { team: 'info', clients: 'info', adversarial: 'warn' },
  needs: ['audit'],
  phases: ['observed'],
  item: 'audit',
  judge: (facts) => auditViolations(facts, 'warning'),
});
