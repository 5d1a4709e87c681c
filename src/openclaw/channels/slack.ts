/** Source: openclaw 2026.9.6 docs/channels/slack; api.slack.com/concepts/token-types (`xapp-<n>-<app>-<n>-<hex>`, `xoxb-<team>-<bot>-…`). */
import { toldBy, type ChannelProvider } from './provider.ts';

const TOKENS = ['botToken', 'userToken', 'appToken'];

export const slack: ChannelProvider = {
  channel: 'slack',
  credentials: ['botToken', 'appToken', 'userToken', 'signingSecret', 'relay.authToken'],
  variables: { SLACK_BOT_TOKEN: 'botToken', SLACK_APP_TOKEN: 'appToken', SLACK_USER_TOKEN: 'userToken', SLACK_SIGNING_SECRET: 'signingSecret' },
  tells: [
    { name: 'slack.app', kind: 'match', pattern: '^xapp-[0-9]+-([A-Z0-9]{3,20})-[0-9]+-[0-9a-fA-F]+$' },
    { name: 'slack.bot', kind: 'match', pattern: '^xox[abp]-([0-9]{3,20}-[0-9]{3,20})-' },
    { name: 'slack.team', kind: 'match', pattern: '^xox[abp]-([0-9]{3,20})-' },
  ],
  *identities(account) {
    yield* toldBy(account, TOKENS, 'slack.app', 'app');
    yield* toldBy(account, TOKENS, 'slack.bot', 'bot');
    yield* toldBy(account, TOKENS, 'slack.team', 'workspace', 'place');
  },
};
