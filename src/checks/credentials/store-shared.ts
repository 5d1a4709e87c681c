/** Two tenants share a store of channel credentials. */
import { defineCheck } from '../../core/check.ts';
import { sharedPaths, sharing } from '../join.ts';

export const check = defineCheck({
  id: 'credentials.store-shared',
  title: 'Two tenants share a store of channel credentials',
  why: 'Logins and pairing lists of channels in it belong to whoever reads them.',
  fix: 'Give each tenant its own state directory; the store lies below it.',
  how: 'The directories of channel credentials by real path, device and inode, and what is mounted behind them.',
  source: 'openclaw 2026.9.6 docs/gateway/security/secrets-and-storage.md (credentials below the state directory, OPENCLAW_OAUTH_DIR)',
  severity: { team: 'critical', clients: 'critical', adversarial: 'critical' },
  needs: ['paths'],
  phases: ['desired', 'observed'],
  item: 'channel-credentials',
  *judge(facts) {
    for (const group of sharedPaths(facts, 'credentials')) yield sharing(group, 'one store of channel credentials');
  },
});
