/** One secret value serves two purposes at two tenants. */
import { defineCheck } from '../../core/check.ts';
import { sharing } from '../join.ts';
import { sharedSecrets } from '../secrets.ts';

export const check = defineCheck({
  id: 'secret.value-shared',
  title: 'One secret value serves two purposes at two tenants',
  why: 'A leak at one place opens the other; neither owner expects it.',
  fix: 'Give each purpose a value of its own.',
  severity: { team: 'warn', clients: 'high', adversarial: 'critical' },
  needs: ['secrets'],
  phases: ['desired', 'observed'],
  item: 'secrets',
  *judge(facts) {
    const roles = new Map<string, string>(
      facts.tenants.flatMap(({ tenant, secrets }) =>
        secrets.known ? secrets.value.map(({ role, location }) => [`${tenant}: ${location}`, role] as const) : [],
      ),
    );
    for (const group of sharedSecrets(facts, () => true)) {
      // The same purpose at both is reported by the check of that purpose.
      const kinds = new Set(group.evidence.map((line) => roles.get(line)?.split(':')[0]));
      if (kinds.size > 1) yield sharing(group, 'one secret value for different purposes');
    }
  },
});
