/** The page of a tenant does not say what is not isolated. */
import { defineCheck } from '../../core/check.ts';

export const check = defineCheck({
  id: 'doc.notisolated-missing',
  title: 'The page of a tenant does not say what is not isolated',
  why: 'A buyer who is not told what stays shared will learn it in an incident.',
  fix: 'Make the page anew: bulkhead checklist TENANT --markdown.',
  how: 'The section about what is not isolated is looked for on the page, with at least one entry.',
  source: 'bulkhead: docs/limits.md',
  severity: { team: 'warn', clients: 'high', adversarial: 'high' },
  needs: ['documents'],
  phases: ['desired', 'observed'],
  item: 'documents',
  *judge({ tenants }) {
    for (const { tenant, documents } of tenants) {
      const page = documents.known ? documents.value : null;
      if (page !== null && page.exists && !page.tellsLimits)
        yield { tenants: [tenant], message: `the page of ${tenant} does not say what is not isolated`, evidence: [page.path] };
    }
  },
});
