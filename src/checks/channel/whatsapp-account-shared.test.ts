import { cases } from '../testing/cases.ts';
import { account, atAcme, atBoth, plusIdentities } from '../testing/secret-facts.ts';

cases('channel.whatsapp-account-shared', {
  ok: { 'an account of its own': atAcme(plusIdentities(account('whatsapp', 'number 49170'))) },
  ng: { 'one account': atBoth(plusIdentities(account('whatsapp', 'number 49170'))) },
});
