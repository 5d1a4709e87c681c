import { cases } from '../testing/cases.ts';
import { account, atAcme, atBoth, plusIdentities, credential } from '../testing/secret-facts.ts';

cases('channel.slack-app-shared', {
  ok: {
    'an account of its own': atAcme(plusIdentities(account('slack', 'app A0'))),
    'one workspace': atBoth(plusIdentities(account('slack', 'workspace 1', { kind: 'place' }))),
  },
  ng: {
    'one account': atBoth(plusIdentities(account('slack', 'app A0'))),
    'one credential that tells no account': atBoth(plusIdentities(credential('slack', 'x'))),
  },
});
