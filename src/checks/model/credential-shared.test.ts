import { cases } from '../testing/cases.ts';
import { atAcme, atBoth, plusSecrets, secret } from '../testing/secret-facts.ts';

cases('model.credential-shared', {
  ok: { 'a key of its own': atAcme(plusSecrets(secret('model:openai', 'own'))) },
  ng: {
    'one key': atBoth(plusSecrets(secret('model:own', 'm'))),
    'a key of one provider as the variable of another': atAcme(
      plusSecrets(secret('model:OPENAI_API_KEY', 'model-globex', { location: 'env:OPENAI_API_KEY' })),
    ),
    'one login': atBoth((tenant) =>
      plusSecrets(secret('model:openai', 'r', { location: `login:/t/${tenant.tenant}/db#openai.refresh`, means: 'login' }))(tenant),
    ),
  },
});
