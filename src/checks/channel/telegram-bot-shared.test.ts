import { cases } from '../testing/cases.ts';
import { account, atAcme, atBoth, plusIdentities, credential } from '../testing/secret-facts.ts';

cases('channel.telegram-bot-shared', {
  ok: { 'an account of its own': atAcme(plusIdentities(account('telegram', '7'))) },
  ng: {
    'one account': atBoth(plusIdentities(account('telegram', '7'))),
    'one credential that tells no account': atBoth(plusIdentities(credential('telegram', 'x'))),
    'the bot of the other': atAcme(plusIdentities(account('telegram', '702'))),
  },
});
