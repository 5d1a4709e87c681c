import { cases } from '../testing/cases.ts';
import { account, atAcme, atBoth, plusIdentities, credential } from '../testing/secret-facts.ts';

cases('channel.matrix-user-shared', {
  ok: { 'an account of its own': atAcme(plusIdentities(account('matrix', 'user bot at m.example'))) },
  ng: {
    'one account': atBoth(plusIdentities(account('matrix', 'user bot at m.example'))),
    'one credential that tells no account': atBoth(plusIdentities(credential('matrix', 'x'))),
  },
});
