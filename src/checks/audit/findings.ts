/** The security audit of OpenClaw reports something critical. A severity that is not known counts as critical. */
import { defineCheck } from '../../core/check.ts';

export const check = defineCheck({
  id: 'audit.findings',
  title: 'The security audit of OpenClaw reports something critical',
  why: 'The audit looks at one gateway from within; what it finds weakens this tenant whoever its neighbours are.',
  fix: 'Do what the remediation of the finding says, then run: bulkhead verify.',
  severity: { team: 'high', clients: 'critical', adversarial: 'critical' },
  needs: ['audit'],
  phases: ['observed'],
  item: 'audit',
  *judge(facts) {
    for (const { tenant, audit } of facts.tenants) {
      for (const one of audit.known ? audit.value.findings : []) {
        if (!['warn', 'info'].includes(one.severity))
          yield {
            tenants: [tenant],
            message: `${one.checkId}: ${one.title}`,
            evidence: [one.detail, ...(one.remediation === undefined ? [] : [one.remediation])],
          };
      }
    }
  },
});
