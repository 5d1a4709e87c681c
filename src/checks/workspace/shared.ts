/** Two tenants share a workspace. */
import { defineCheck } from '../../core/check.ts';
import { sharedPaths, sharing } from '../join.ts';

export const check = defineCheck({
  id: 'workspace.shared',
  title: 'Two tenants share a workspace',
  why: 'Files and memory written for one tenant are read into the prompts of the other.',
  fix: 'Give each tenant its own workspace directory.',
  how: 'The workspaces and working directories of all agents, by real path, device and inode, and what is mounted behind them.',
  source: 'openclaw 2026.9.6 docs/concepts/agent-workspace.md; two gateways on one workspace start without a warning (measured)',
  severity: { team: 'high', clients: 'critical', adversarial: 'critical' },
  needs: ['paths'],
  phases: ['desired', 'observed'],
  item: 'workspace',
  *judge(facts) {
    for (const group of sharedPaths(facts, 'workspace')) yield sharing(group, 'one workspace');
  },
});
