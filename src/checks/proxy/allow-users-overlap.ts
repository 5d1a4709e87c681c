/** A trusted proxy may name any user, or the users of another tenant. */
import { defineCheck } from '../../core/check.ts';
import { sharedBy, sharing } from '../join.ts';
import { settingsOf } from '../settings.ts';

export const check = defineCheck({
  id: 'proxy.allow-users-overlap',
  title: 'A proxy may name any user, or one of another tenant',
  why: 'Everybody whom the login in front knows, clients of other tenants too, is let in as an operator.',
  fix: 'List the users of each tenant in gateway.auth.trustedProxy.allowUsers, and nobody twice.',
  how: 'Where a trusted proxy logs people in, its list of users must not be empty, and the lists must have nobody in common.',
  source: 'openclaw 2026.9.6 docs/gateway/trusted-proxy-auth.md (allowUsers)',
  severity: { team: 'warn', clients: 'high', adversarial: 'high' },
  needs: ['settings'],
  phases: ['desired', 'observed'],
  item: 'gateway-token',
  *judge(facts) {
    for (const { tenant, settings } of settingsOf(facts)) {
      const { authMode } = settings.network;
      if (authMode.value === 'trusted-proxy' && settings.proxy.users.value.length === 0)
        yield {
          tenants: [tenant.tenant],
          message: `the proxy in front of ${tenant.tenant} may name any user`,
          evidence: [`${authMode.from}: trusted-proxy, allowUsers is empty`],
        };
    }
    const shared = sharedBy(facts.tenants, ({ settings }) => {
      if (!settings.known || settings.value.network.authMode.value !== 'trusted-proxy') return [];
      const { value, from } = settings.value.proxy.users;
      return value.map((user) => ({ key: user.trim().toLowerCase(), where: `${from}: ${user}` }));
    });
    for (const group of shared) yield sharing(group, 'a user whom a proxy may name');
  },
});
