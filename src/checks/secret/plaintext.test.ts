import { cases } from '../testing/cases.ts';
import { atAcme, plusSecrets, secret } from '../testing/secret-facts.ts';

cases('secret.plaintext', {
  ok: {
    'a file outside': atAcme(plusSecrets(secret('model:own', 'm', { location: 'file:/s/key', means: 'file' }))),
    'a login': atAcme(plusSecrets(secret('model:own', 'm', { means: 'login' }))),
  },
  ng: {
    'in the config': atAcme(plusSecrets(secret('model:own', 'm'))),
    'in an environment file': atAcme(plusSecrets(secret('model:own', 'm', { location: 'file:1:2#KEY', means: 'env-file' }))),
  },
});
