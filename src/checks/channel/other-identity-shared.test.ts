import { cases } from '../testing/cases.ts';
import { account, atAcme, atBoth, plusIdentities, credential } from '../testing/secret-facts.ts';

cases('channel.other-identity-shared', {
  ok: {
    'an account of its own': atAcme(plusIdentities(account('irc', 'bot on irc.example'))),
    'one bot of Telegram is told by its own check': atBoth(plusIdentities(account('telegram', '7'))),
  },
  ng: {
    'one account': atBoth(plusIdentities(account('irc', 'bot on irc.example'))),
    'one credential that tells no account': atBoth(plusIdentities(credential('line', 'x'))),
  },
});
