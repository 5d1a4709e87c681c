import { cases } from '../testing/cases.ts';
import { observedFacts } from '../testing/clean-facts.ts';
import { partly, withHost } from '../testing/clean-os-facts.ts';

const job = (selects: boolean) => withHost(observedFacts(), { schedules: [{ where: '/etc/cron.d/openclaw:1', selects }] });

cases('os.linger-cron', {
  ok: { 'a job that says for whom': job(true) },
  ng: {
    'a job that does not': job(false),
    'a crontab of the tenant’s account': observedFacts({}, { acme: partly('account', { schedules: ['/var/spool/cron/crontabs/bh-acme:1'] }) }),
    'an account that lingers': observedFacts({}, { acme: partly('account', { lingers: true }) }),
  },
});
