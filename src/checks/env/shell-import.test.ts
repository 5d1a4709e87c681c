import { cases } from '../testing/cases.ts';
import { observedFacts, withPaths } from '../testing/clean-facts.ts';
import { atAcme, atBoth, plusSettings } from '../testing/secret-facts.ts';

const IMPORT = { value: true, from: 'config:env.shellEnv.enabled' };
const ONE_HOME = withPaths((path) => (path.role === 'home' ? { ...path, real: '/home/ops' } : path));

cases('env.shell-import', {
  ok: {
    'with a home of its own': atAcme(plusSettings(() => ({ shellImport: IMPORT }))),
    'off, with one home': atBoth(ONE_HOME),
  },
  ng: {
    'one home, one of them imports': observedFacts(
      {},
      { acme: (tenant) => ({ ...ONE_HOME(tenant), ...plusSettings(() => ({ shellImport: IMPORT }))(tenant) }), globex: ONE_HOME },
    ),
  },
});
