/** Two tenants share a browser profile. */
import { defineCheck } from '../../core/check.ts';
import { sharedPaths, sharing } from '../join.ts';

export const check = defineCheck({
  id: 'browser.userdata-shared',
  title: 'Two tenants share a browser profile',
  why: 'The agent of one tenant acts with sessions the other has logged in.',
  fix: 'Give each tenant its own browser user data directory, below its own state directory.',
  severity: { team: 'high', clients: 'critical', adversarial: 'critical' },
  needs: ['paths'],
  phases: ['desired', 'observed'],
  item: 'browser-profile',
  *judge(facts) {
    for (const group of sharedPaths(facts, 'browser')) yield sharing(group, 'one browser profile');
  },
});
