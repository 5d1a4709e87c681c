/** The security audit of OpenClaw warns. */
import { defineCheck } from '../../core/check.ts';

export const check = defineCheck({
  id: 'audit.warnings',
  title: 'The security audit of OpenClaw warns',
  why: 'The audit looks at one gateway from within; what it finds weakens this tenant whoever its neighbours are.',
  fix: 'Do what the remediation of the finding says, then run: bulkhead verify.',
  severity: { team: 'info', clients: 'info', adversarial: 'warn' },
  needs: ['audit'],
  phases: ['observed'],
  item: 'audit',
  *judge(facts) {
    for (const { tenant, audit } of facts.tenants) {
      for (const one of audit.known ? audit.value.findings : []) {
        if (one.severity === 'warn')
          yield {
            tenants: [tenant],
            message: `${one.checkId}: ${one.title}`,
            evidence: [one.detail, ...(one.remediation === undefined ? [] : [one.remediation])],
          };
      }
    }
  },
});
