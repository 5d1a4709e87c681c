/** The boundary checklist of a tenant is missing or old. */
import { defineCheck } from '../../core/check.ts';

export const check = defineCheck({
  id: 'doc.checklist-missing',
  title: 'The boundary checklist of a tenant is missing or old',
  why: 'Whoever relies on it relies on another deployment.',
  fix: 'Run: bulkhead verify, then bulkhead checklist TENANT --markdown, and keep that page.',
  how: 'The page TENANT.md in the folder that the manifest names is looked for, and the manifest digest on it compared.',
  source: 'bulkhead: docs/limits.md',
  severity: { team: 'warn', clients: 'high', adversarial: 'high' },
  needs: ['documents'],
  phases: ['desired', 'observed'],
  item: 'documents',
  *judge({ tenants }) {
    for (const { tenant, documents } of tenants) {
      const page = documents.known ? documents.value : null;
      if (page !== null && (!page.exists || !page.current))
        yield {
          tenants: [tenant],
          message: page.exists ? `the checklist of ${tenant} was made from another manifest` : `there is no checklist of ${tenant}`,
          evidence: [page.path],
        };
    }
  },
});
