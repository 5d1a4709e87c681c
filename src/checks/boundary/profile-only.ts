/** Only a profile's name tells two tenants apart. */
import { defineCheck } from '../../core/check.ts';
import type { TenantFacts } from '../../core/facts.ts';
import { identitiesOf, pathsOf, sharedBy, sharing, type Holding } from '../join.ts';

export const check = defineCheck({
  id: 'boundary.profile-only',
  title: 'Only a profile tells two tenants apart',
  why: 'One OS user and one home directory for both: each agent can read the other’s config, token and state, and both use the same command line logins.',
  fix: 'Give each tenant an OS user and a home directory of its own (isolation: os-user).',
  how: 'Two tenants with one uid and one home directory on one host.',
  source: 'openclaw 2026.9.6 docs/gateway/multiple-gateways.md (profiles); reading across profiles was measured',
  severity: { team: 'info', clients: 'high', adversarial: 'critical' },
  needs: ['paths', 'user'],
  phases: ['desired', 'observed'],
  item: 'isolation-rung',
  *judge(facts) {
    for (const group of sharedBy(facts.tenants, userAndHome))
      yield sharing(group, 'an OS user and a home directory: only a profile tells them apart');
  },
});

function userAndHome(tenant: TenantFacts): readonly Holding[] {
  if (!tenant.user.known) return [];
  const { uid, name } = tenant.user.value;
  return pathsOf(tenant, 'home').flatMap((path) =>
    identitiesOf(tenant, path).map(({ key, where }) => ({ space: tenant.host, key: `${uid ?? name} ${key}`, where: `${name}, home ${where}` })),
  );
}
