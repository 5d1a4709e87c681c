import { cases } from '../testing/cases.ts';
import { account, atAcme, atBoth, plusIdentities } from '../testing/secret-facts.ts';

cases('channel.slack-workspace-shared', {
  ok: { 'an account of its own': atAcme(plusIdentities(account('slack', 'workspace 1', { kind: 'place' }))) },
  ng: { 'one account': atBoth(plusIdentities(account('slack', 'workspace 1', { kind: 'place' }))) },
});
