import { cases } from '../testing/cases.ts';
import { atAcme, atBoth, plusSecrets, plusVariables, secret, variable } from '../testing/secret-facts.ts';

cases('secret.provider-principal-shared', {
  ok: {
    'one vault, two roles': atAcme(
      plusVariables(variable('VAULT_ADDR', { value: 'https://vault.example' }), variable('OPENCLAW_VAULT_AUTH_ROLE', { value: 'acme' })),
    ),
  },
  ng: {
    'one token': atBoth(plusSecrets(secret('principal:vault', 'p', { location: 'env:VAULT_TOKEN', means: 'environment' }))),
    'one role at one vault': atBoth(
      plusVariables(variable('VAULT_ADDR', { value: 'https://vault.example/' }), variable('OPENCLAW_VAULT_AUTH_ROLE', { value: 'all' })),
    ),
    'one AWS role': atBoth(plusVariables(variable('AWS_ROLE_ARN', { value: 'arn:aws:iam::1:role/all' }))),
  },
});
