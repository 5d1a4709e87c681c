/** Audit findings are suppressed. */
import { defineCheck } from '../../core/check.ts';

export const check = defineCheck({
  id: 'audit.suppressed',
  title: 'Audit findings are suppressed',
  why: 'What is suppressed is still so. It has to be seen by whoever relies on the boundary.',
  fix: 'Remove security.audit.suppressions, and name the risk in the manifest.',
  how: 'The audit names suppressed findings, or says that suppressions are active.',
  source: 'openclaw 2026.9.6 docs/cli/security.md; output seen by running it',
  severity: { team: 'warn', clients: 'high', adversarial: 'high' },
  needs: ['audit'],
  phases: ['observed'],
  item: 'audit',
  *judge(facts) {
    for (const { tenant, audit } of facts.tenants) {
      if (!audit.known) continue;
      const active = audit.value.findings.filter(({ checkId }) => checkId === 'security.audit.suppressions.active').map(({ detail }) => detail);
      const evidence = [...(audit.value.suppressed ?? []), ...active];
      if (evidence.length > 0) yield { tenants: [tenant], message: `the audit of ${tenant} suppresses findings`, evidence: evidence.slice(0, 20) };
    }
  },
});
