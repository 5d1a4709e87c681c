/** The page of a tenant promises more than a test can show. */
import { defineCheck } from '../../core/check.ts';

export const check = defineCheck({
  id: 'doc.overselling',
  title: 'The page of a tenant promises more than a test can show',
  why: 'No test shows an absolute. Whoever sells one answers for it.',
  fix: 'Say what was tried, from where, on which date, and how it was refused.',
  how: 'The page is searched for absolutes and seals that nothing can back.',
  source: 'bulkhead: docs/limits.md',
  severity: { team: 'warn', clients: 'high', adversarial: 'high' },
  needs: ['documents'],
  phases: ['desired', 'observed'],
  item: 'documents',
  *judge({ tenants }) {
    for (const { tenant, documents } of tenants) {
      const page = documents.known ? documents.value : null;
      if (page !== null && page.claims.length > 0)
        yield {
          tenants: [tenant],
          message: `the page of ${tenant} promises: ${page.claims.slice(0, 5).join(', ')}`,
          evidence: [page.path, ...page.claims.slice(0, 20)],
        };
    }
  },
});
