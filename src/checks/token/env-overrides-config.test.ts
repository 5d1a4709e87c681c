import { cases } from '../testing/cases.ts';
import { atAcme, plusSecrets, secret } from '../testing/secret-facts.ts';

cases('token.env-overrides-config', {
  ok: { 'the same value twice': atAcme(plusSecrets(secret('gateway-token', 'token-acme', { location: 'env:OPENCLAW_GATEWAY_TOKEN' }))) },
  ng: {
    'another value in the process': atAcme(plusSecrets(secret('gateway-token', 'other', { location: 'env:OPENCLAW_GATEWAY_TOKEN' }))),
    'another value in the environment file': atAcme(
      plusSecrets(secret('gateway-token', 'other', { location: 'file:1:2#OPENCLAW_GATEWAY_PASSWORD' })),
    ),
  },
});
