import { withPath } from '../testing/clean-facts.ts';
import { cases } from '../testing/cases.ts';

cases('path.nested', {
  ok: {
    'a sibling': withPath('backup', { declared: '/t/globex2', real: '/t/globex2' }),
    'another case where case counts': withPath('backup', { declared: '/t/Globex/state', real: '/t/Globex/state' }),
  },
  ng: {
    below: withPath('backup', { declared: '/t/globex/state/x', real: '/t/globex/state/x' }),
    'anywhere in the tree of another': withPath('backup', { declared: '/t/globex/x', real: '/t/globex/x' }),
    above: withPath('backup', { declared: '/t', real: '/t' }),
    'by another case of letters': withPath('backup', { declared: '/t/Globex/state/x', real: '/t/Globex/state/x', folded: '/t/globex/state/x' }),
  },
});
