import { cases } from '../testing/cases.ts';
import { atAcme, atBoth, plusLogins } from '../testing/secret-facts.ts';

const LOGIN = { provider: 'openai', account: 'desk@a.example', location: 'login:/db#openai' };

cases('model.oauth-account-shared', {
  ok: { 'an account of its own': atAcme(plusLogins(LOGIN)) },
  ng: { 'one account': atBoth(plusLogins(LOGIN)) },
});
