/** Among the backups of one tenant lies one of another. */
import { defineCheck } from '../../core/check.ts';
import type { TenantId } from '../../core/words.ts';
import { pathsOf, upwards } from '../join.ts';

export const check = defineCheck({
  id: 'backup.restore-crossed',
  title: 'Among the backups of one tenant lies one of another',
  why: 'Restored where it lies, it puts the sessions and logins of one tenant into the gateway of the other.',
  fix: 'Move the archive to its own tenant’s destination; restore nothing from there before that.',
  how: 'The first path that each tar.gz names from inside, against the places of all tenants. Encrypted archives cannot be looked into: their names are all that is known.',
  source: 'openclaw 2026.9.6 docs/cli/backup.md (payload paths)',
  severity: { team: 'critical', clients: 'critical', adversarial: 'critical' },
  needs: ['archives', 'paths'],
  phases: ['observed'],
  item: 'backups',
  *judge(facts) {
    const owners = new Map<string, TenantId>();
    for (const tenant of facts.tenants)
      for (const { declared, real } of pathsOf(tenant)) for (const place of [declared, real]) owners.set(place, tenant.tenant);
    for (const { tenant, archives } of facts.tenants) {
      const found = archives.known && archives.value !== null ? archives.value.archives : [];
      for (const { place, content } of found) {
        const owner = [...upwards(content ?? '')].map((at) => owners.get(at)).find((one) => one !== undefined);
        if (owner !== undefined && owner !== tenant)
          yield {
            tenants: [tenant, owner],
            message: `a backup of ${owner} lies among those of ${tenant}`,
            evidence: [`${place.path} holds ${content}`],
          };
      }
    }
  },
});
