/** Elevated tools are on. */
import { defineCheck } from '../../core/check.ts';
import { settingsOf } from '../settings.ts';

export const check = defineCheck({
  id: 'policy.elevated',
  title: 'Elevated tools are on',
  why: 'Elevated mode runs commands past the sandbox and past approvals, for whoever is on its list.',
  fix: 'Set tools.elevated.enabled to false; OpenClaw has it on unless told otherwise.',
  how: 'The effective switch is on.',
  source: 'openclaw 2026.9.6 docs/gateway/sandbox-vs-tool-policy-vs-elevated.md',
  severity: { team: 'info', clients: 'high', adversarial: 'critical' },
  needs: ['settings'],
  phases: ['desired', 'observed'],
  item: 'tool-policy',
  *judge(facts) {
    for (const { tenant, settings } of settingsOf(facts)) {
      const { value, from } = settings.tools.elevated;
      if (value) yield { tenants: [tenant.tenant], message: `elevated tools of ${tenant.tenant} are on`, evidence: [from] };
    }
  },
});
