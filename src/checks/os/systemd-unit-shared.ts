/** What runs one gateway is what runs another, or a tenant may change it. */
import { defineCheck } from '../../core/check.ts';
import { accountsOf, shownPlace, writersOf } from '../access.ts';
import { names, sharedBy, sharing } from '../join.ts';

export const check = defineCheck({
  id: 'os.systemd-unit-shared',
  title: 'What runs one gateway runs another, or a tenant may change it',
  why: 'OpenClaw names its unit after the profile, not the state directory: the second installation replaces the first. Who writes a unit decides as whom it runs.',
  fix: 'Let Bulkhead run the gateways: a system unit for each, owned by root. Take write permission off its files.',
  how: 'Unit and manager of each gateway, from its control group; owner and mode of the unit, of its drop-ins and of their directories, against every tenant’s account and groups.',
  source: 'openclaw 2026.9.6 docs/gateway/multiple-gateways.md; systemd.unit(5)',
  severity: { team: 'high', clients: 'critical', adversarial: 'critical' },
  needs: ['service'],
  phases: ['desired', 'observed'],
  item: 'service',
  *judge({ tenants }) {
    const units = sharedBy(tenants, ({ host, service }) => {
      if (!service.known || service.value.unit === undefined) return [];
      const { unit, manager = 'system' } = service.value;
      const own = { key: `${host} ${manager} ${unit}`, where: `unit ${unit} of the ${manager} manager` };
      return manager === 'system' ? [own] : [own, { key: `${host} ${manager}`, where: `the ${manager} manager` }];
    });
    for (const group of units) yield sharing(group, 'a unit or its manager');
    const accounts = accountsOf(tenants);
    for (const { tenant, host, service } of tenants) {
      for (const place of service.known ? service.value.places : []) {
        const writers = writersOf(accounts, host, place);
        if (writers === 'everyone')
          yield { tenants: [tenant], message: `every account may change what runs the gateway of ${tenant}`, evidence: [shownPlace(place)] };
        else if (writers.length > 0)
          yield {
            tenants: [tenant, ...writers.filter((other) => other !== tenant)],
            message: `${names(writers)} may change what runs the gateway of ${tenant}`,
            evidence: [shownPlace(place)],
          };
      }
    }
  },
});
