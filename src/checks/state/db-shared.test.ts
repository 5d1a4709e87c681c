import { known } from '../../core/facts.ts';
import { observedFacts, withFacts } from '../testing/clean-facts.ts';
import { cases } from '../testing/cases.ts';

cases('state.db-shared', {
  ok: {
    'files of their own': observedFacts(),
  },
  ng: {
    'one file': withFacts({ acme: { stores: known({ databases: [{ path: '/t/acme/x', identity: '1:250' }], marks: [] }, 'test') } }),
  },
});
