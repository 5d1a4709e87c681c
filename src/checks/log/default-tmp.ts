/** A gateway logs to the shared directory for temporary files. */
import { defineCheck } from '../../core/check.ts';
import { isWithin } from '../../core/path-text.ts';
import { pathsOf } from '../join.ts';

export const check = defineCheck({
  id: 'log.default-tmp',
  title: 'A gateway logs to the shared directory for temporary files',
  why: 'The default log file has one name for all gateways of a user, in a directory that every user can list.',
  fix: 'Set logging.file to a file of the tenant; Bulkhead does.',
  how: 'The log file that the config names, and whether it lies in /tmp or /var/tmp outside the tenant’s own tree.',
  source: 'openclaw 2026.9.6 docs/gateway/logging.md',
  severity: { team: 'warn', clients: 'high', adversarial: 'high' },
  needs: ['paths'],
  phases: ['desired', 'observed'],
  item: 'logs',
  *judge(facts) {
    for (const tenant of facts.tenants) {
      const logs = pathsOf(tenant, 'log');
      const state = pathsOf(tenant, 'state')[0];
      const shared = logs.filter(({ real }) =>
        ['/tmp', '/var/tmp'].some((root) => isWithin(real, root) && !(state !== undefined && isWithin(state.real, root))),
      );
      if (logs.length === 0) yield { tenants: [tenant.tenant], message: `${tenant.tenant} declares no log file`, evidence: [] };
      else if (shared.length > 0)
        yield { tenants: [tenant.tenant], message: `${tenant.tenant} logs to a shared directory`, evidence: shared.map(({ declared }) => declared) };
    }
  },
});
