/** Adversaries run one installation. */
import { defineCheck } from '../../core/check.ts';
import { sharedBy, sharing } from '../join.ts';

export const check = defineCheck({
  id: 'install.shared-readonly',
  title: 'Adversaries run one installation',
  why: 'An upgrade, and a fault in it, reaches all of them in the same moment.',
  fix: 'Place the tenant on a host of its own, or name the risk with an owner and an expiry.',
  how: 'Path of the package that each gateway runs, compared on one host. Bulkhead installs one root-owned copy for a host, which is named among the limits of every tenant; between separate clients it is no finding.',
  source: 'docs/limits.md (shared-install)',
  severity: { team: '-', clients: '-', adversarial: 'warn' },
  needs: ['install'],
  phases: ['observed'],
  item: 'install',
  *judge({ tenants }) {
    // The package comes first.
    const groups = sharedBy(tenants, ({ host, install }) => {
      const path = install.known ? install.value[0]?.path : undefined;
      return path === undefined ? [] : [{ key: `${host} ${path}`, where: path }];
    });
    for (const group of groups) yield sharing(group, 'one installation');
  },
});
