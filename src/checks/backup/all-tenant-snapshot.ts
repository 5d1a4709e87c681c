/** Copies of the whole machine hold several tenants. */
import { defineCheck } from '../../core/check.ts';
import { sharedBy, sharing } from '../join.ts';

export const check = defineCheck({
  id: 'backup.all-tenant-snapshot',
  title: 'Copies of the whole machine hold several tenants',
  why: 'Whoever may read or restore such a copy has all of them, past every boundary on the machine.',
  fix: 'Name the risk backups with an owner and an expiry for all tenants of the host, or stop copying the disks they are on.',
  how: 'Snapshots that the manifest declares for the host. What a provider copies without a word there is not found.',
  source: 'bulkhead.yaml, hosts.<host>.snapshots',
  severity: { team: 'info', clients: 'warn', adversarial: 'high' },
  needs: [],
  phases: ['desired', 'observed'],
  item: 'backups',
  *judge({ tenants, hosts }) {
    const copies = new Map(hosts.map(({ host, snapshots }) => [host, snapshots ?? []]));
    const groups = sharedBy(tenants, ({ host }) =>
      (copies.get(host) ?? []).map(({ name, readers }) => ({
        key: `${host} ${name}`,
        where: `${name} of ${host}, read by ${readers.length === 0 ? 'nobody who is named' : readers.join(', ')}`,
      })),
    );
    for (const group of groups) yield sharing(group, 'copies of the whole machine');
  },
});
