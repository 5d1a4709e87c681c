import { cases } from '../testing/cases.ts';
import { account, atAcme, atBoth, plusIdentities, credential } from '../testing/secret-facts.ts';

cases('channel.googlechat-app-shared', {
  ok: { 'an account of its own': atAcme(plusIdentities(account('googlechat', 'project p-1'))) },
  ng: {
    'one account': atBoth(plusIdentities(account('googlechat', 'project p-1'))),
    'one credential that tells no account': atBoth(plusIdentities(credential('googlechat', 'x'))),
  },
});
