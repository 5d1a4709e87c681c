/** A restriction stands in a prompt and in no config. */
import { defineCheck } from '../../core/check.ts';
import { settingsOf } from '../settings.ts';

export const check = defineCheck({
  id: 'policy.prompt-only',
  title: 'What a workspace forbids its agent, no config denies',
  why: 'A sentence in a prompt asks the model; whoever steers the model asks it something else. Only a denied tool is out of reach.',
  fix: 'Deny the tool in the policy of the tenant; the sentence may stay as an explanation.',
  how: 'Sentences in AGENTS.md, SOUL.md and TOOLS.md of each agent’s workspace that restrict a power by its usual words, in English, without lines of OpenClaw’s own templates; beside powers that the config leaves in reach.',
  source: 'openclaw 2026.9.6 docs/concepts/agent-workspace.md, docs/gateway/security/trust-model.md, docs/reference/templates',
  severity: { team: 'warn', clients: 'high', adversarial: 'high' },
  needs: ['settings', 'prompts'],
  phases: ['observed'],
  item: 'tool-policy',
  *judge(facts) {
    for (const { tenant, settings } of settingsOf(facts)) {
      const lines = tenant.prompts.known ? tenant.prompts.value : [];
      const open = lines.filter(({ power }) => settings.tools.reach[power] !== undefined);
      if (open.length === 0) continue;
      const evidence = open.map(({ path, line, power }) => `${path}:${line} speaks of ${power}, which ${settings.tools.reach[power]} grants`);
      yield { tenants: [tenant.tenant], message: `a prompt of ${tenant.tenant} forbids what its config allows`, evidence: evidence.slice(0, 20) };
    }
  },
});
