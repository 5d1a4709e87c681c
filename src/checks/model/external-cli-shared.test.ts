import { cases } from '../testing/cases.ts';
import { known } from '../../core/facts.ts';
import { observedFacts, placeFact } from '../testing/clean-facts.ts';
import { atAcme, atBoth, plusPlaces, plusSettings } from '../testing/secret-facts.ts';

const CODEX = plusSettings(({ models }) => ({ models: { ...models, codexUserHome: { value: true, from: 'config' } } }));
const AS_ONE: typeof CODEX = (tenant) => ({ ...CODEX(tenant), user: known({ name: 'ops', uid: 1000 }, 'test') });

cases('model.external-cli-shared', {
  ok: {
    'a directory of its own': atAcme(plusPlaces(placeFact('cli:gh', '/t/acme/gh'))),
    'the user\u2019s Codex home, with users of their own': atBoth(CODEX),
  },
  ng: {
    'one directory by a variable': atBoth(plusPlaces(placeFact('cli:codex', '/srv/codex'))),
    'one directory through a link': atBoth((tenant) =>
      plusPlaces({ ...placeFact('cli:aws', `/t/${tenant.tenant}/.aws`), real: '/root/.aws' })(tenant),
    ),
    'the Codex home of one user': observedFacts({}, { acme: AS_ONE, globex: AS_ONE }),
  },
});
