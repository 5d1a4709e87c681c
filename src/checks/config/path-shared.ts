/** Two gateways read one config file. */
import { defineCheck } from '../../core/check.ts';
import { sharedPaths, sharing } from '../join.ts';

export const check = defineCheck({
  id: 'config.path-shared',
  title: 'Two gateways read one config file',
  why: 'A change of config for one tenant changes, or races with, the policy of the other.',
  fix: 'Give each tenant its own OPENCLAW_CONFIG_PATH; Bulkhead does when the manifest does not overrule it.',
  how: 'The config files by real path, device and inode, and what is mounted behind them.',
  source: 'openclaw 2026.9.6 starts a second gateway on one config without a warning (measured); docs/gateway/multiple-gateways.md',
  severity: { team: 'high', clients: 'critical', adversarial: 'critical' },
  needs: ['paths'],
  phases: ['desired', 'observed'],
  item: 'config',
  *judge(facts) {
    for (const group of sharedPaths(facts, 'config')) yield sharing(group, 'one config file');
  },
});
