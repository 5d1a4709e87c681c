/** Commands run past the sandbox that is on. */
import { defineCheck } from '../../core/check.ts';
import { settingsOf } from '../settings.ts';

export const check = defineCheck({
  id: 'policy.exec-past-sandbox',
  title: 'Commands run past the sandbox that is on',
  why: 'OpenClaw sandboxes files and turns, and starts commands where tools.exec.host says: with `gateway` they run beside the gateway, with its files and its environment, and every status calls the session sandboxed.',
  fix: 'Set tools.exec.host to sandbox, for agents that have their own too.',
  how: 'A sandbox is on for an agent, exec is in reach, and tools.exec.host, the common one or the agent’s own, is gateway or node.',
  source: 'openclaw 2026.9.6 docs/tools/exec.md; seen by running it',
  severity: { team: 'warn', clients: 'high', adversarial: 'high' },
  needs: ['settings'],
  phases: ['desired', 'observed'],
  item: 'tool-policy',
  *judge(facts) {
    for (const { tenant, settings } of settingsOf(facts)) {
      if (settings.tools.reach.exec === undefined) continue;
      const past = settings.sandboxes.filter(({ mode, execHost }) => mode.value !== 'off' && ['gateway', 'node'].includes(execHost.value));
      if (past.length > 0)
        yield {
          tenants: [tenant.tenant],
          message: `${tenant.tenant} has its sandbox on, and runs commands past it`,
          evidence: past.slice(0, 20).map(({ mode, execHost }) => `${mode.from}=${mode.value}, ${execHost.from}=${execHost.value}`),
        };
    }
  },
});
