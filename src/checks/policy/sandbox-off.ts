/** Outsiders drive powerful tools without a sandbox. */
import { defineCheck } from '../../core/check.ts';
import { powersOf, settingsOf } from '../settings.ts';

export const check = defineCheck({
  id: 'policy.sandbox-off',
  title: 'Outsiders drive powerful tools without a sandbox',
  why: 'Anybody who writes to the agent runs programs, writes files or browses as its OS user, beside its secrets.',
  fix: 'Take the tools away (policy: support), name the senders, or set agents.defaults.sandbox.mode to all.',
  how: 'A surface admits anyone or a whole group, a powerful tool is in reach, and not every session is sandboxed.',
  source: 'openclaw 2026.9.6 docs/gateway/sandboxing.md',
  severity: { team: 'info', clients: 'high', adversarial: 'critical' },
  needs: ['settings'],
  phases: ['desired', 'observed'],
  item: 'tool-policy',
  *judge(facts) {
    for (const { tenant, settings } of settingsOf(facts)) {
      const { sandbox } = settings.tools;
      const [power] = powersOf(settings);
      const open = settings.tools.surfaces.find(({ admits }) => admits === 'anyone' || admits === 'group');
      if (power !== undefined && open !== undefined && sandbox.value !== 'all')
        yield {
          tenants: [tenant.tenant],
          message: `${open.name} of ${tenant.tenant} admits ${open.admits === 'anyone' ? 'anyone' : 'whole groups'} to ${power.name}, unsandboxed`,
          evidence: [open.from, power.by, sandbox.from],
        };
    }
  },
});
