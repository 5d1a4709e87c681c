import { cases } from '../testing/cases.ts';
import { account, atAcme, atBoth, plusIdentities, credential } from '../testing/secret-facts.ts';

cases('channel.discord-app-shared', {
  ok: { 'an account of its own': atAcme(plusIdentities(account('discord', 'application 1'))) },
  ng: {
    'one account': atBoth(plusIdentities(account('discord', 'application 1'))),
    'one credential that tells no account': atBoth(plusIdentities(credential('discord', 'x'))),
  },
});
