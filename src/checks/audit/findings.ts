/** The security audit of OpenClaw reports something grave. A severity that is not known counts as critical. */
import { defineCheck } from '../../core/check.ts';
import { auditViolations } from '../audit-findings.ts';

export const check = defineCheck({
  id: 'audit.findings',
  title: 'The security audit of OpenClaw reports something grave',
  why: 'The audit looks at one gateway from within; what it finds weakens this tenant whoever its neighbours are.',
  fix: 'Do what the remediation of the finding says, then run: bulkhead verify.',
  how: 'The audit runs as the tenant, where its gateway runs; what is not warn or info counts, and a warning about the boundary itself does too.',
  source: 'openclaw 2026.9.6 docs/cli/security.md; output seen by running it',
  severity: { team: 'high', clients: 'critical', adversarial: 'critical' },
  needs: ['audit'],
  phases: ['observed'],
  item: 'audit',
  judge: (facts) => auditViolations(facts, 'grave'),
});
