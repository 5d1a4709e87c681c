import { cases } from '../testing/cases.ts';
import { account, atAcme, atBoth, plusIdentities } from '../testing/secret-facts.ts';

cases('channel.discord-guild-overlap', {
  ok: { 'an account of its own': atAcme(plusIdentities(account('discord', 'guild 1', { kind: 'place' }))) },
  ng: { 'one account': atBoth(plusIdentities(account('discord', 'guild 1', { kind: 'place' }))) },
});
