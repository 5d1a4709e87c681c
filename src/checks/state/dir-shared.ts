/** Two gateways use one state directory. */
import { defineCheck } from '../../core/check.ts';
import { sharedPaths, sharing } from '../join.ts';

export const check = defineCheck({
  id: 'state.dir-shared',
  title: 'Two gateways use one state directory',
  why: 'Sessions, pairing and OAuth tokens in it can be read and written by both.',
  fix: 'Give each tenant its own OPENCLAW_STATE_DIR, made new and not copied.',
  severity: { team: 'critical', clients: 'critical', adversarial: 'critical' },
  needs: ['paths'],
  phases: ['desired', 'observed'],
  item: 'state-directory',
  *judge(facts) {
    for (const group of sharedPaths(facts, 'state')) yield sharing(group, 'one state directory');
  },
});
