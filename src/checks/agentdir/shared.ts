/** Two tenants share an agent directory. */
import { defineCheck } from '../../core/check.ts';
import { sharedPaths, sharing } from '../join.ts';

export const check = defineCheck({
  id: 'agentdir.shared',
  title: 'Two tenants share an agent directory',
  why: 'It holds sessions, transcripts and the logins of model providers in plain text.',
  fix: 'Give each agent a directory below its own tenant’s state: remove agentDir and OPENCLAW_AGENT_DIR.',
  how: 'The directories of all agents, by real path, device and inode, and what is mounted behind them.',
  source: 'openclaw 2026.9.6 docs/gateway/security/secrets-and-storage.md; `openclaw config schema` (agents.entries.*.agentDir)',
  severity: { team: 'critical', clients: 'critical', adversarial: 'critical' },
  needs: ['paths'],
  phases: ['desired', 'observed'],
  item: 'state-directory',
  *judge(facts) {
    for (const group of sharedPaths(facts, 'agent')) yield sharing(group, 'one agent directory');
  },
});
