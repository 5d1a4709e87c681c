/** Two gateways write one log file. */
import { defineCheck } from '../../core/check.ts';
import { sharedPaths, sharing } from '../join.ts';

export const check = defineCheck({
  id: 'log.file-shared',
  title: 'Two gateways write one log file',
  why: 'Fragments of messages and errors of one tenant are visible to the other.',
  fix: 'Set logging.file to a file of each tenant; Bulkhead does.',
  how: 'Real path, inode and mount of each log file.',
  source: 'openclaw 2026.9.6 docs/gateway/logging.md (the default name follows the profile only)',
  severity: { team: 'high', clients: 'critical', adversarial: 'critical' },
  needs: ['paths'],
  phases: ['desired', 'observed'],
  item: 'logs',
  *judge(facts) {
    for (const group of sharedPaths(facts, 'log')) yield sharing(group, 'one log file');
  },
});
