/** Two tenants use one Slack app. */
import { defineCheck } from '../../core/check.ts';
import { ACCOUNT_CHECK, sharedIdentities } from '../channels.ts';

export const check = defineCheck({
  ...ACCOUNT_CHECK,
  id: 'channel.slack-app-shared',
  title: 'Two tenants use one Slack app',
  why: 'Messages to one can be answered by the other, each message reaches only one of them, and cutting off one cuts off both.',
  fix: 'Make an app of its own for each tenant at api.slack.com/apps.',
  how: 'The app id of app-level tokens, and workspace and bot of bot tokens are compared; else token or signing secret.',
  source: 'openclaw 2026.9.6 docs/channels/slack/setup.md; api.slack.com/concepts/token-types',
  *judge(facts) {
    yield* sharedIdentities(facts, { channels: ['slack'] }, 'one Slack app');
  },
});
