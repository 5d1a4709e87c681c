import { cases } from '../testing/cases.ts';
import { observedFacts } from '../testing/clean-facts.ts';

const risk = (until: string) => ({ item: 'logs', tenants: ['acme'], risk: 'one log', owner: 'o@x.test', until });

cases('doc.risk-unnamed', {
  ok: {
    'the last day': observedFacts({ risks: [risk('2026-11-24')] }),
    'of tenants that are gone': observedFacts({ risks: [{ ...risk('2020-01-01'), tenants: ['gone'] }] }),
  },
  ng: {
    'the day after': observedFacts({ risks: [risk('2026-11-23')] }),
    'no owner': observedFacts({ risks: [{ ...risk('2027-01-01'), owner: ' ' }] }),
  },
});
