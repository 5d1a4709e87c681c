import { known } from '../../core/facts.ts';
import { cases } from '../testing/cases.ts';
import { observedFacts, withPaths } from '../testing/clean-facts.ts';

const inState = withPaths((path) => (path.role === 'workspace' ? { ...path, real: '/t/acme/state/workspace' } : path));
const landing = withPaths((path) => (path.role === 'backup' ? { ...path, real: '/t/acme/workspace/backups' } : path));

cases('backup.captures-other', {
  ok: { 'nested, but nothing is backed up': observedFacts({}, { globex: inState }) },
  ng: {
    'a workspace inside what is backed up': observedFacts({}, { acme: () => ({ backup: known({ to: '/b/acme' }, 'test') }), globex: inState }),
    'a destination inside another tenant': observedFacts(
      {},
      { globex: (tenant) => ({ ...landing(tenant), backup: known({ to: '/t/acme/workspace/backups' }, 'test') }) },
    ),
  },
});
