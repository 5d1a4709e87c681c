/** Others may read the logs of a gateway. */
import { defineCheck } from '../../core/check.ts';
import { accountsOf, readersOf, shownPlace } from '../access.ts';
import { names } from '../join.ts';

const JOURNAL_GROUPS = ['adm', 'systemd-journal'];

export const check = defineCheck({
  id: 'log.readable',
  title: 'Others may read the logs of a gateway',
  why: 'Logs hold parts of messages, names and errors with what caused them.',
  fix: 'Take the bits away: chmod 600 the file and 700 its directory; take tenants’ accounts out of adm and systemd-journal.',
  how: 'Owner and mode of the log of the gateway and of its service, and of every directory above, against each tenant’s account and groups; groups that read the journal; fs.log_file.perms_readable of OpenClaw’s own audit.',
  source: 'openclaw 2026.9.6 docs/gateway/logging.md; systemd-journald.service(8)',
  severity: { team: 'info', clients: 'high', adversarial: 'critical' },
  needs: ['logs', 'account'],
  phases: ['observed'],
  item: 'logs',
  *judge({ tenants }) {
    const accounts = accountsOf(tenants);
    for (const { tenant, host, logs, account, audit } of tenants) {
      for (const way of logs.known ? logs.value : []) {
        const readers = readersOf(accounts, host, way);
        const others = readers === 'everyone' ? [] : readers.filter((other) => other !== tenant);
        const last = way.at(-1);
        if (last === undefined || (readers !== 'everyone' && others.length === 0)) continue;
        const who = readers === 'everyone' ? 'every account' : names(others);
        yield { tenants: [tenant, ...others], message: `${who} may read a log of ${tenant}`, evidence: [shownPlace(last)] };
      }
      const groups = account.known && account.value.uid !== 0 ? account.value.groups.filter(({ name }) => JOURNAL_GROUPS.includes(name)) : [];
      if (groups.length > 0)
        yield { tenants: [tenant], message: `${tenant} may read the journal of the host`, evidence: groups.map(({ name }) => `group ${name}`) };
      const said = audit.known ? audit.value.findings.filter(({ checkId }) => checkId === 'fs.log_file.perms_readable') : [];
      if (said.length > 0)
        yield { tenants: [tenant], message: `OpenClaw’s audit of ${tenant} calls its log readable`, evidence: said.map(({ title }) => title) };
    }
  },
});
