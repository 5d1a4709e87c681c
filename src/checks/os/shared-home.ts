/** Two tenants share a home directory. */
import { defineCheck } from '../../core/check.ts';
import { sharedPaths, sharing } from '../join.ts';

export const check = defineCheck({
  id: 'os.shared-home',
  title: 'Two tenants share a home directory',
  why: 'Command line logins, caches and skills lie in the home directory, whatever the state directory is.',
  fix: 'Give each tenant its own HOME.',
  how: 'Real path, inode and mount of each HOME.',
  source: 'openclaw 2026.9.6 docs/help/environment.md, docs/gateway/authentication.md (logins of command line tools)',
  severity: { team: 'warn', clients: 'critical', adversarial: 'critical' },
  needs: ['paths'],
  phases: ['desired', 'observed'],
  item: 'home',
  *judge(facts) {
    for (const group of sharedPaths(facts, 'home')) yield sharing(group, 'one home directory');
  },
});
