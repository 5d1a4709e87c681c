import { known, type TenantFacts } from '../../core/facts.ts';
import type { HomePathUse } from '../../core/os-facts.ts';
import { cases } from '../testing/cases.ts';
import { observedFacts, withPaths } from '../testing/clean-facts.ts';

const uses = (kind: HomePathUse['kind']): Partial<TenantFacts> => ({ homePathUses: known([{ file: '/t/acme/state/npm/x.js', kind }], 'test') });
const oneHome = withPaths((path) => (path.role === 'home' ? { ...path, real: '/home/both' } : path));

cases('plugin.hardcoded-home', {
  ok: { 'below a home of its own': observedFacts({}, { acme: () => uses('home') }) },
  ng: {
    'one user’s home': observedFacts({}, { acme: () => uses('absolute') }),
    'below a common home': observedFacts({}, { acme: (tenant) => ({ ...uses('home'), ...oneHome(tenant) }), globex: oneHome }),
  },
});
