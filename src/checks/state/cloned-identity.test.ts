import { known, type TenantFacts } from '../../core/facts.ts';
import { observedFacts, withFacts } from '../testing/clean-facts.ts';
import { cases } from '../testing/cases.ts';

const marks = (...digests: readonly string[]): TenantFacts['stores'] =>
  known({ databases: [], marks: digests.map((digest) => ({ what: 'device identity', digest })) }, 'test');

cases('state.cloned-identity', {
  ok: {
    'marks of their own': observedFacts(),
    'none yet': withFacts({ acme: { stores: marks() }, globex: { stores: marks() } }),
  },
  ng: {
    'one device identity': withFacts({ acme: { stores: marks('device-globex') } }),
  },
});
