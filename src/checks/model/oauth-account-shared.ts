/** Two tenants are logged in as one account. */
import { defineCheck } from '../../core/check.ts';
import { sharedBy, sharing } from '../join.ts';

export const check = defineCheck({
  id: 'model.oauth-account-shared',
  title: 'Two tenants are logged in as one account of a model provider',
  why: 'Subscription, history at the provider and revocation are common, whatever tokens each has.',
  fix: 'Log one of them in with a subscription of its own: openclaw models auth login.',
  how: 'E-mail, account id and token subject of stored logins are compared per provider.',
  source: 'openclaw 2026.9.6 docs/concepts/oauth.md; RFC 7519 (sub)',
  severity: { team: 'warn', clients: 'high', adversarial: 'high' },
  needs: ['logins'],
  phases: ['observed'],
  item: 'model-credentials',
  *judge(facts) {
    const groups = sharedBy(facts.tenants, ({ logins }) =>
      (logins.known ? logins.value : []).map(({ provider, account, location }) => ({
        key: `${provider} ${account}`,
        where: `${provider} ${account} (${location})`,
      })),
    );
    for (const group of groups) yield sharing(group, 'one account of a model provider');
  },
});
