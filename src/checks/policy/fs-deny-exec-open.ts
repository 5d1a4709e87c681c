/** Writing is denied and running is not. */
import { defineCheck } from '../../core/check.ts';
import { settingsOf } from '../settings.ts';

export const check = defineCheck({
  id: 'policy.fs-deny-exec-open',
  title: 'Writing files is denied and running programs is not',
  why: 'A shell writes files too: the denial holds nobody back and looks as if it did.',
  fix: 'Deny group:runtime as well, or allow writing and let the boundary hold.',
  how: 'No writing tool is in reach, and exec or a tool like it is.',
  source: 'openclaw 2026.9.6 docs/gateway/config-tools/tool-policy.md',
  severity: { team: 'warn', clients: 'high', adversarial: 'critical' },
  needs: ['settings'],
  phases: ['desired', 'observed'],
  item: 'tool-policy',
  *judge(facts) {
    for (const { tenant, settings } of settingsOf(facts)) {
      const { exec, write } = settings.tools.reach;
      if (exec !== undefined && write === undefined)
        yield { tenants: [tenant.tenant], message: `${tenant.tenant} may write no file, and may run programs that do`, evidence: [exec] };
    }
  },
});
