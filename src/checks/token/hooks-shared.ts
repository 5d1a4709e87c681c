/** A token of hooks is accepted by two tenants. */
import { defineCheck } from '../../core/check.ts';
import { sharing } from '../join.ts';
import { secretsOf, sharedSecrets } from '../secrets.ts';

export const check = defineCheck({
  id: 'token.hooks-shared',
  title: 'Two tenants accept one hook token',
  why: 'Whoever may start an agent of one may start agents of the other; where it is a gateway token, it also operates the gateway.',
  fix: 'Give each hook of each tenant a token of its own: openssl rand -hex 32.',
  how: 'Digests of hook, push, cron and webhook tokens are compared among each other and with every gateway token.',
  source: 'openclaw 2026.9.6 docs/automation/cron-jobs/webhooks.md, `openclaw config schema` (hooks, cron.webhookToken, plugins.entries.webhooks)',
  severity: { team: 'warn', clients: 'critical', adversarial: 'critical' },
  needs: ['secrets'],
  phases: ['desired', 'observed'],
  item: 'gateway-token',
  *judge(facts) {
    const hooks = new Set(
      facts.tenants.flatMap((tenant) =>
        secretsOf(tenant).flatMap(({ role, location }) => (role === 'hooks-token' ? [`${tenant.tenant}: ${location}`] : [])),
      ),
    );
    if (hooks.size === 0) return;
    for (const group of sharedSecrets(facts, (role) => role === 'hooks-token' || role === 'gateway-token')) {
      // One gateway token at two gateways is told by its own check.
      if (group.evidence.some((line) => hooks.has(line))) yield sharing(group, 'one token for hooks');
    }
    for (const tenant of facts.tenants) {
      const secrets = secretsOf(tenant);
      const gateway = new Map(
        secrets.flatMap(({ role, digest, location }) => (role === 'gateway-token' && digest !== undefined ? [[digest, location] as const] : [])),
      );
      for (const { role, digest, location } of secrets) {
        const same = role === 'hooks-token' && digest !== undefined ? gateway.get(digest) : undefined;
        if (same !== undefined)
          yield { tenants: [tenant.tenant], message: `a hook of ${tenant.tenant} accepts the token of its gateway`, evidence: [location, same] };
      }
    }
  },
});
