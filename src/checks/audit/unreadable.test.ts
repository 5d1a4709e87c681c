import { known, unknown } from '../../core/facts.ts';
import { cases } from '../testing/cases.ts';
import { observedFacts } from '../testing/clean-facts.ts';

cases('audit.unreadable', {
  ok: {},
  ng: {
    'no JSON': observedFacts({}, { acme: () => ({ audit: unknown('no JSON'), auditRun: known({ unreadable: 'it printed no JSON' }, 'test') }) }),
  },
});
