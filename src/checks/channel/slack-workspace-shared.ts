/** Two tenants have apps in one Slack workspace. */
import { defineCheck } from '../../core/check.ts';
import { ACCOUNT_CHECK, sharedIdentities } from '../channels.ts';

export const check = defineCheck({
  ...ACCOUNT_CHECK,
  id: 'channel.slack-workspace-shared',
  title: 'Two tenants have apps in one Slack workspace',
  why: 'People of one see the app of the other and can write to it; administrators of the workspace see both.',
  fix: 'Say so to both, or use a workspace for each.',
  how: 'The workspace in each token is compared.',
  source: 'api.slack.com/concepts/token-types',
  severity: { team: 'info', clients: 'warn', adversarial: 'high' },
  *judge(facts) {
    yield* sharedIdentities(facts, { channels: ['slack'], kind: 'place' }, 'one Slack workspace');
  },
});
