/** Secrets stand in the config or in an environment file. */
import { defineCheck } from '../../core/check.ts';
import { secretsOf } from '../secrets.ts';

export const check = defineCheck({
  id: 'secret.plaintext',
  title: 'Secrets stand in plain text',
  why: 'An agent that may read the file reads the credential, and every copy of the config carries it.',
  fix: 'Move them to references (SecretRef) to files outside of the tree that agents see.',
  how: 'Masked text in the config where a credential belongs, and secret variables of environment files.',
  source: 'openclaw 2026.9.6 docs/gateway/secrets.md, docs/cli/secrets.md (secrets audit)',
  severity: { team: 'info', clients: 'warn', adversarial: 'warn' },
  needs: ['secrets'],
  phases: ['desired', 'observed'],
  item: 'secrets',
  *judge(facts) {
    for (const tenant of facts.tenants) {
      const plain = secretsOf(tenant).filter(({ means }) => means === 'config' || means === 'env-file');
      if (plain.length > 0)
        yield {
          tenants: [tenant.tenant],
          message: `${plain.length} secrets of ${tenant.tenant} stand in plain text`,
          evidence: plain.map(({ location }) => location).slice(0, 20),
        };
    }
  },
});
