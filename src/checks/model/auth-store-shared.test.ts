import { cases } from '../testing/cases.ts';
import { observedFacts, withPaths } from '../testing/clean-facts.ts';

const ONE = withPaths((path) => (path.role === 'agent' ? { ...path, real: '/srv/agent' } : path));

cases('model.auth-store-shared', {
  ok: {},
  ng: { 'one agent directory': observedFacts({}, { acme: ONE, globex: ONE }) },
});
