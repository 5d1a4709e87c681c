/** The agent can change its own gateway. */
import { defineCheck } from '../../core/check.ts';
import { admitsOutsiders, settingsOf } from '../settings.ts';

export const check = defineCheck({
  id: 'policy.control-plane',
  title: 'The agent can change its own gateway',
  why: 'Whoever steers it can change config, plugins or updates, or leave a job behind that runs after the conversation.',
  fix: 'Deny group:automation.',
  how: 'A tool of the control plane is in reach; scheduling counts where outsiders are admitted.',
  source: 'openclaw 2026.9.6 docs/gateway/config-tools/tool-policy.md',
  severity: { team: 'warn', clients: 'high', adversarial: 'critical' },
  needs: ['settings'],
  phases: ['desired', 'observed'],
  item: 'tool-policy',
  *judge(facts) {
    for (const { tenant, settings } of settingsOf(facts)) {
      const { control, schedule } = settings.tools.reach;
      const by = control ?? (admitsOutsiders(settings) ? schedule : undefined);
      if (by !== undefined)
        yield { tenants: [tenant.tenant], message: `the agent of ${tenant.tenant} can change its gateway or its schedule`, evidence: [by] };
    }
  },
});
