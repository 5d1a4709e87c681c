import { known } from '../../core/facts.ts';
import { withFacts, withPath } from '../testing/clean-facts.ts';
import { cases } from '../testing/cases.ts';

cases('path.symlink-alias', {
  ok: {
    'a link out of the tree to a place of the host': withFacts({
      acme: { links: known([{ path: '/t/acme/workspace/x', real: '/usr/lib/x' }], 'test') },
    }),
  },
  ng: {
    'a declared path': withPath('workspace', { real: '/t/globex/workspace' }),
    'by another case of letters': withPath('workspace', { real: '/T/Globex/workspace', folded: '/t/globex/workspace' }),
    'a link in the tree': withFacts({ acme: { links: known([{ path: '/t/acme/workspace/x', real: '/t/globex/state/sub' }], 'test') } }),
  },
});
