/** Two tenants are in one group. */
import { defineCheck } from '../../core/check.ts';
import { sharedBy, sharing } from '../join.ts';

export const check = defineCheck({
  id: 'os.shared-group',
  title: 'Two tenants are in one group',
  why: 'Whatever one of them opens to the group, by a mode or by the umask of a tool, the other reads or writes.',
  fix: 'Give each tenant’s account a group of its own and no other: gpasswd -d ACCOUNT GROUP.',
  how: 'Groups of each account in the group database, and groups of each running gateway, compared by number on one host. On the rung profile there is one account for all; os.shared-uid says so.',
  source: 'group(5); openclaw 2026.9.6 docs/gateway/security/index.md (one operating system user for each boundary)',
  severity: { team: 'info', clients: 'high', adversarial: 'critical' },
  needs: ['account'],
  phases: ['observed'],
  item: 'os-user',
  *judge({ tenants }) {
    const groups = sharedBy(tenants, ({ host, rung, account, process }) => {
      if (rung === 'profile' || !account.known) return [];
      const named = account.value.groups.map(({ name, gid }) => ({ key: `${host} ${gid}`, where: `group ${name} (${gid})` }));
      const running = process.known && process.value !== null ? [process.value.gid, ...process.value.groups] : [];
      return [...named, ...running.map((gid) => ({ key: `${host} ${gid}`, where: `its gateway runs with group ${gid}` }))];
    });
    for (const group of groups) yield sharing(group, 'a group');
  },
});
