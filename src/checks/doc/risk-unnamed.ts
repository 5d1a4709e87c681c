/** A named risk has run out. */
import { defineCheck } from '../../core/check.ts';

export const check = defineCheck({
  id: 'doc.risk-unnamed',
  title: 'A named risk has run out',
  why: 'An acceptance that has ended covers nothing; somebody has to renew it or end the sharing.',
  fix: 'Set a new date under namedRisks after asking its owner, or remove the entry.',
  how: 'The last day of each named risk is compared with the date of the facts; its sentence and owner must say something.',
  source: 'bulkhead: docs/limits.md',
  severity: { team: 'high', clients: 'high', adversarial: 'high' },
  needs: [],
  phases: ['desired', 'observed'],
  item: 'documents',
  *judge({ risks, tenants, takenAt }) {
    const present = new Set(tenants.map(({ tenant }) => tenant));
    for (const { item, tenants: named, risk, owner, until } of risks) {
      const [first, ...rest] = named.filter((tenant) => present.has(tenant));
      const blank = risk.trim() === '' || owner.trim() === '';
      if (first !== undefined && (blank || until < takenAt.slice(0, 10)))
        yield {
          tenants: [first, ...rest],
          message: blank ? `the risk ${item} names no risk or no owner` : `the named risk ${item} of ${owner} ran out on ${until}`,
          evidence: [risk],
        };
    }
  },
});
