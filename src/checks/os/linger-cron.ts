/** A clock or a lingering login starts something outside the boundaries. */
import { defineCheck } from '../../core/check.ts';

export const check = defineCheck({
  id: 'os.linger-cron',
  title: 'A clock or a lingering login starts something outside the boundaries',
  why: 'Without a tenant’s variables openclaw works on the default state of whoever runs it; what a clock runs for a tenant has none of its limits and namespaces.',
  fix: 'Run it as: bulkhead exec TENANT -- openclaw …; remove crontabs of tenants’ accounts: crontab -r -u ACCOUNT; loginctl disable-linger ACCOUNT.',
  how: 'Crontabs, at jobs, cron.d, cron.daily and its like, and systemd timers: lines that name openclaw without a state directory, config or profile; any job of a tenant’s own account; accounts that linger. The text of a job is not kept. Without root, and with the rung profile alone, only what the operator may read and his own crontab.',
  source: 'crontab(5), at(1), systemd.timer(5), loginctl(1)',
  severity: { team: 'info', clients: 'warn', adversarial: 'warn' },
  needs: ['account', 'host.schedules'],
  phases: ['observed'],
  item: 'service',
  *judge({ tenants, hosts }) {
    const here = Map.groupBy(tenants, ({ host }) => host);
    for (const { host, schedules } of hosts) {
      const [one, ...rest] = here.get(host)?.map(({ tenant }) => tenant) ?? [];
      const lines = schedules.known ? schedules.value.filter(({ selects }) => !selects) : [];
      if (one !== undefined && lines.length > 0)
        yield {
          tenants: [one, ...rest],
          message: `a clock of ${host} runs openclaw for no tenant in particular`,
          evidence: lines.map(({ where }) => where),
        };
    }
    for (const { tenant, rung, account } of tenants) {
      // On the rung profile the account is the operator's own.
      if (rung === 'profile' || !account.known) continue;
      const { name, lingers, schedules } = account.value;
      const evidence = [...(lingers ? [`${name} lingers`] : []), ...schedules];
      if (evidence.length > 0) yield { tenants: [tenant], message: `something runs as ${name} outside the boundary of ${tenant}`, evidence };
    }
  },
});
