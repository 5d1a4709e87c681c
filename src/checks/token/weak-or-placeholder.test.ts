import { cases } from '../testing/cases.ts';
import { atAcme, plusSecrets, secret } from '../testing/secret-facts.ts';

cases('token.weak-or-placeholder', {
  ok: {
    'a strong one': atAcme(plusSecrets(secret('hooks-token', 'h', { strength: 'strong' }))),
    'a short key of a model is not a token': atAcme(plusSecrets(secret('model:own', 'm', { strength: 'short' }))),
  },
  ng: {
    placeholder: atAcme(plusSecrets(secret('gateway-token', 'g', { strength: 'placeholder' }))),
    short: atAcme(plusSecrets(secret('hooks-token', 'h', { strength: 'short' }))),
    weak: atAcme(plusSecrets(secret('gateway-token', 'g', { strength: 'weak' }))),
  },
});
