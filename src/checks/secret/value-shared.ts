/** One secret value serves two tenants where no other check speaks of it. */
import { defineCheck } from '../../core/check.ts';
import { sharing } from '../join.ts';
import { secretsOf, sharedSecrets } from '../secrets.ts';

/** The same purpose at both is reported by the check of that purpose. */
function isToldElsewhere(roles: readonly string[]): boolean {
  if (roles.every((role) => role === 'gateway-token' || role === 'hooks-token')) return true;
  if (roles.every((role) => role.startsWith('model:'))) return true;
  return new Set(roles).size === 1 && /^(?:channel|principal):/.test(roles[0] ?? '');
}

export const check = defineCheck({
  id: 'secret.value-shared',
  title: 'One secret value serves two tenants',
  why: 'A leak at one place opens the other; neither owner expects it.',
  fix: 'Give each purpose of each tenant a value of its own.',
  how: 'Digests of all secrets are compared; equal ones of one purpose that has a check of its own are left to it.',
  source: 'openclaw 2026.9.6 docs/reference/secretref-credential-surface.md',
  severity: { team: 'warn', clients: 'high', adversarial: 'critical' },
  needs: ['secrets'],
  phases: ['desired', 'observed'],
  item: 'secrets',
  *judge(facts) {
    const groups = sharedSecrets(facts, () => true);
    const members = new Set(groups.flatMap(({ tenants }) => tenants));
    const roles = new Map<string, string>(
      facts.tenants.flatMap((tenant) =>
        members.has(tenant.tenant) ? secretsOf(tenant).map(({ role, location }) => [`${tenant.tenant}: ${location}`, role] as const) : [],
      ),
    );
    for (const group of groups) {
      const found = group.evidence.map((line) => roles.get(line) ?? '');
      if (!isToldElsewhere(found))
        yield sharing(group, new Set(found).size > 1 ? 'one secret value for different purposes' : `one value of ${found[0] ?? ''}`);
    }
  },
});
