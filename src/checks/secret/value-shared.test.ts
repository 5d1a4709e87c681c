import { cases } from '../testing/cases.ts';
import { atAcme, atBoth, plusSecrets, secret } from '../testing/secret-facts.ts';

cases('secret.value-shared', {
  ok: {
    'one model key is told by its own check': atBoth(plusSecrets(secret('model:own', 'm'))),
    'one bot is told by its own check': atBoth(plusSecrets(secret('channel:slack', 's'))),
    'one hook token is told by its own check': atAcme(plusSecrets(secret('hooks-token', 'token-globex'))),
    'one principal is told by its own check': atBoth(plusSecrets(secret('principal:vault', 'p'))),
  },
  ng: {
    'different purposes': atAcme(plusSecrets(secret('model:own', 'token-globex'))),
    'a credential of two channels': atAcme(plusSecrets(secret('channel:discord', 'bot-globex'))),
    'a key that no other check speaks of': atBoth(plusSecrets(secret('skills.entries.x.apiKey', 'k'))),
    'a webhook secret': atBoth(plusSecrets(secret('channel-webhookSecret:telegram', 'w'))),
    'one login of a tool server': atBoth(plusSecrets(secret('mcp:notes', 'o', { means: 'login' }))),
  },
});
