/** Others may read, change or enter files of a tenant. */
import { defineCheck } from '../../core/check.ts';
import { bitsAlong, concerned, exposed, shownBits } from '../exposure.ts';

export const check = defineCheck({
  id: 'fs.perms-cross',
  title: 'Other users may read, change or enter files of a tenant',
  why: 'Its tokens, transcripts and logins lie in plain text in these files: who may read them needs nothing else.',
  fix: 'Take the permission away: chmod go-rwx the path, setfacl -b it, and check who owns it.',
  how: 'For the OS user and groups of every other tenant, and for everybody: may it pass every directory above a closed path, and do what with the path? Modes, owners and access control lists count.',
  source: 'acl(5) access check algorithm; openclaw 2026.9.6 docs/gateway/security/secrets-and-storage.md',
  severity: { team: 'info', clients: 'critical', adversarial: 'critical' },
  needs: ['access', 'user'],
  phases: ['observed'],
  item: 'permissions',
  *judge(facts) {
    for (const { tenant, access, strangers } of exposed(facts)) {
      for (const stranger of strangers) {
        const evidence = access.closed.flatMap(({ what, path }) => {
          const bits = bitsAlong(access, path, stranger);
          return bits === 0 ? [] : [`${path} (${what}): ${shownBits(bits)}`];
        });
        if (evidence.length > 0)
          yield { tenants: concerned(tenant, stranger), message: `files of ${tenant.tenant} are open to ${stranger.name}`, evidence };
      }
    }
  },
});
