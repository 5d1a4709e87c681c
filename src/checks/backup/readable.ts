/** Tenants may read backups. */
import { defineCheck } from '../../core/check.ts';
import { accountsOf, readersOf, shownPlace } from '../access.ts';
import { names } from '../join.ts';

export const check = defineCheck({
  id: 'backup.readable',
  title: 'Tenants may read backups',
  why: 'Archives hold sessions, logins and OAuth tokens in plain text.',
  fix: 'chmod 600 the archives and 700 their directory, and let root own both.',
  how: 'Owner and mode of each archive at the declared destination, and of every directory above, against the account and groups of every other tenant of the host. Encrypted archives count too: they can be kept until a key leaks.',
  source: 'openclaw 2026.9.6 docs/cli/backup.md, docs/gateway/security/secrets-and-storage.md',
  severity: { team: 'warn', clients: 'critical', adversarial: 'critical' },
  needs: ['archives', 'account'],
  phases: ['observed'],
  item: 'backups',
  *judge({ tenants }) {
    const accounts = accountsOf(tenants);
    for (const { tenant, host, archives } of tenants) {
      if (!archives.known || archives.value === null) continue;
      const { way } = archives.value;
      for (const { place } of archives.value.archives) {
        const readers = readersOf(accounts, host, [...way, place]);
        const others = readers === 'everyone' ? [] : readers.filter((other) => other !== tenant);
        if (readers !== 'everyone' && others.length === 0) continue;
        const who = readers === 'everyone' ? 'every account' : names(others);
        yield { tenants: [tenant, ...others], message: `${who} may read a backup of ${tenant}`, evidence: [shownPlace(place)] };
      }
    }
  },
});
