/** A workspace is where the environment happens to put it. */
import { defineCheck } from '../../core/check.ts';
import { settingsOf } from '../settings.ts';

export const check = defineCheck({
  id: 'workspace.implicit',
  title: 'No config says where the workspace is',
  why: 'It then follows the state directory, the profile or the home directory, and moves when one of them does.',
  fix: 'Set agents.defaults.workspace.',
  how: 'The config sets agents.defaults.workspace.',
  source: 'openclaw 2026.9.6 docs/concepts/agent-workspace.md',
  severity: { team: 'info', clients: 'warn', adversarial: 'warn' },
  needs: ['settings'],
  phases: ['desired', 'observed'],
  item: 'workspace',
  *judge(facts) {
    for (const { tenant, settings } of settingsOf(facts)) {
      const { value, from } = settings.places.workspace;
      if (!from.startsWith('config:'))
        yield { tenants: [tenant.tenant], message: `no config says where the workspace of ${tenant.tenant} is`, evidence: [`${from}: ${value}`] };
    }
  },
});
