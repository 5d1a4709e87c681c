/** Two tenants use one model credential. */
import { defineCheck } from '../../core/check.ts';
import { sharing } from '../join.ts';
import { sharedSecrets } from '../secrets.ts';

export const check = defineCheck({
  id: 'model.credential-shared',
  title: 'Two tenants use one model credential',
  why: 'Quota, logs at the provider, the bill and revocation are common.',
  fix: 'Give each tenant a key of its own, better from a project of its own.',
  how: 'Digests of keys, headers and logins of model providers are compared: from the config, from variables and from the stores of agents.',
  source: 'openclaw 2026.9.6 docs/gateway/authentication.md, docs/concepts/oauth.md',
  severity: { team: 'warn', clients: 'high', adversarial: 'high' },
  needs: ['secrets'],
  phases: ['desired', 'observed'],
  item: 'model-credentials',
  *judge(facts) {
    for (const group of sharedSecrets(facts, (role) => role.startsWith('model:'))) yield sharing(group, 'one model credential');
  },
});
