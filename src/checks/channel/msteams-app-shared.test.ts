import { cases } from '../testing/cases.ts';
import { account, atAcme, atBoth, plusIdentities, credential } from '../testing/secret-facts.ts';

cases('channel.msteams-app-shared', {
  ok: { 'an account of its own': atAcme(plusIdentities(account('msteams', 'app a-1'))) },
  ng: {
    'one account': atBoth(plusIdentities(account('msteams', 'app a-1'))),
    'one credential that tells no account': atBoth(plusIdentities(credential('msteams', 'x'))),
  },
});
