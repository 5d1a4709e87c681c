/** Two gateways use one state directory. */
import { defineCheck } from '../../core/check.ts';
import { sharedPaths, sharing } from '../join.ts';

export const check = defineCheck({
  id: 'state.dir-shared',
  title: 'Two gateways use one state directory',
  why: 'Sessions, pairing and OAuth tokens in it can be read and written by both.',
  fix: 'Give each tenant its own OPENCLAW_STATE_DIR, made new and not copied.',
  how: 'The state directories by real path, device and inode, and what is mounted behind them.',
  source: 'openclaw 2026.9.6 docs/gateway/multiple-gateways.md; a second gateway is refused only while the first runs (measured)',
  severity: { team: 'critical', clients: 'critical', adversarial: 'critical' },
  needs: ['paths'],
  phases: ['desired', 'observed'],
  item: 'state-directory',
  *judge(facts) {
    for (const group of sharedPaths(facts, 'state')) yield sharing(group, 'one state directory');
  },
});
