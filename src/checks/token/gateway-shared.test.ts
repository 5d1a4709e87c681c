import { cases } from '../testing/cases.ts';
import { atAcme, atBoth, plusSecrets, secret } from '../testing/secret-facts.ts';

cases('token.gateway-shared', {
  ok: {
    'two variables of one name with values of their own': atAcme(
      plusSecrets(secret('gateway-token', 'own', { location: 'env:OPENCLAW_GATEWAY_TOKEN' })),
    ),
  },
  ng: {
    'one token': atBoth(plusSecrets(secret('gateway-token', 'x'))),
    'the token of the other as a password for a remote gateway': atAcme(
      plusSecrets(secret('gateway-token', 'token-globex', { location: 'config:gateway.remote.password' })),
    ),
  },
});
