import { cases } from '../testing/cases.ts';
import { known } from '../../core/facts.ts';
import { placeFact } from '../testing/clean-facts.ts';
import { atBoth } from '../testing/secret-facts.ts';

cases('env.file-shared', {
  ok: {},
  ng: {
    'one path': atBoth(() => ({ environment: known({ variables: [], files: [placeFact('env-file', '/shared/.env')] }, 'test') })),
    'one object under two names': atBoth(({ tenant }) => ({
      environment: known({ variables: [], files: [{ ...placeFact('env-file', `/t/${tenant}/.env`), exists: true, identity: '1:7' }] }, 'test'),
    })),
  },
});
