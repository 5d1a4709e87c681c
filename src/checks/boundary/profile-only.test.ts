import { known } from '../../core/facts.ts';
import { observedFacts, withFacts, withPath, withPaths } from '../testing/clean-facts.ts';
import { cases } from '../testing/cases.ts';

const profiles = observedFacts(
  {},
  {
    acme: (tenant) => ({
      ...withPaths((path) => (path.role === 'home' ? { ...path, real: '/home/ops' } : path))(tenant),
      user: known({ name: 'ops', uid: 1000 }, 'test'),
    }),
    globex: (tenant) => ({
      ...withPaths((path) => (path.role === 'home' ? { ...path, real: '/home/ops' } : path))(tenant),
      user: known({ name: 'ops', uid: 1000 }, 'test'),
    }),
  },
);

cases('boundary.profile-only', {
  ok: {
    'two users': observedFacts(),
    'one home of two users': withPath('home', { identity: '1:207' }),
    'one user with two homes': withFacts({ acme: { user: known({ name: 'bh-globex', uid: 1002 }, 'test') } }),
  },
  ng: {
    'one user with one home': profiles,
  },
});
