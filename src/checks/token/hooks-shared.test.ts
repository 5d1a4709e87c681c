import { cases } from '../testing/cases.ts';
import { atAcme, atBoth, plusSecrets, secret } from '../testing/secret-facts.ts';

cases('token.hooks-shared', {
  ok: { 'a hook of its own': atAcme(plusSecrets(secret('hooks-token', 'own'))) },
  ng: {
    'one hook token': atBoth(plusSecrets(secret('hooks-token', 'x'))),
    'the gateway token of the other': atAcme(plusSecrets(secret('hooks-token', 'token-globex'))),
    'its own gateway token': atAcme(plusSecrets(secret('hooks-token', 'token-acme'))),
  },
});
