/** The same people administer the host of several tenants. */
import { defineCheck } from '../../core/check.ts';
import { sharedBy, sharing } from '../join.ts';

export const check = defineCheck({
  id: 'host.admins',
  title: 'The same people administer the host of several tenants',
  why: 'Whoever is root there reads everything of every tenant on it; no rung changes that.',
  fix: 'Name the risk host-admins with an owner and an expiry, for all tenants of the host.',
  severity: { team: 'info', clients: 'warn', adversarial: 'high' },
  needs: [],
  phases: ['desired', 'observed'],
  item: 'host-admins',
  *judge(facts) {
    const admins = new Map(
      facts.hosts.map(({ host, admins: people }) => [
        host,
        people.length === 0 ? 'nobody is named as its administrator' : people.map(({ name, how }) => `${name} (${how})`).join(', '),
      ]),
    );
    for (const group of sharedBy(facts.tenants, ({ host }) => [{ key: host, where: `host ${host}: ${admins.get(host) ?? 'nobody is named'}` }]))
      yield sharing(group, 'the administrators of one host');
  },
});
