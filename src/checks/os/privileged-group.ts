/** The account of a tenant can become root. */
import { defineCheck } from '../../core/check.ts';
import { ROOT_GROUPS } from '../../core/os-facts.ts';

export const check = defineCheck({
  id: 'os.privileged-group',
  title: 'The account of a tenant can become root',
  why: 'Membership in such a group, or a rule of sudo or polkit, is root by one command; then no boundary below a machine of its own is left.',
  fix: 'Take the account out of the group, and the rule out of sudoers or polkit.',
  how: 'Groups of the account and of its running gateway against those that are as good as root (sudo, wheel, docker, lxd, disk, …); rules of sudoers that name it, its group or ALL; files of polkit that name it beside a yes.',
  source: 'sudoers(5), polkit(8); Docker Engine documentation, “Docker daemon attack surface”',
  severity: { team: 'warn', clients: 'critical', adversarial: 'critical' },
  needs: ['account'],
  phases: ['observed'],
  item: 'os-user',
  *judge({ tenants }) {
    for (const { tenant, account, process } of tenants) {
      if (!account.known || account.value.uid === 0) continue;
      const { name, groups, rootRules } = account.value;
      const known = groups.filter((group) => ROOT_GROUPS.includes(group.name));
      const evidence = [...known.map((group) => `${name} is in group ${group.name}`), ...rootRules.map((where) => `${name}: ${where}`)];
      const inRootGroup = process.known && process.value !== null && (process.value.gid === 0 || process.value.groups.includes(0));
      if (inRootGroup) evidence.push('its gateway runs with group root (0)');
      if (evidence.length > 0) yield { tenants: [tenant], message: `the account of ${tenant} can become root`, evidence };
    }
  },
});
