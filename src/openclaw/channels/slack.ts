/** Source: openclaw 2026.9.6 docs/channels/slack; api.slack.com/concepts/token-types (`xapp-<n>-<app>-<n>-<hex>`, `xoxb-<team>-<bot>-…`). */
import { id, said, secret } from './declared.ts';
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
  declared: {
    plugin: { package: '@openclaw/slack', version: '2026.9.6' },
    fields: {
      app: id('App id, on the app’s page Basic Information', /^A[A-Z0-9]{2,19}$/, 'an app id such as A0123456789', {
        optional: true,
        key: null,
        tells: (app) => `app ${app}`,
      }),
      botToken: secret('Where the bot token (xoxb-…) comes from'),
      mode: { kind: 'word', words: ['socket', 'http'], says: 'How events arrive: over a socket that the app opens, or as requests to it' },
      appToken: secret('Where the app-level token (xapp-…) comes from', { optional: true, neededWhen: { field: 'mode', is: 'socket' } }),
      signingSecret: secret('Where the signing secret comes from', { optional: true, neededWhen: { field: 'mode', is: 'http' } }),
    },
    rooms: { field: 'channels', key: 'channels', senders: 'users', mention: true },
    online: {
      address: 'https://slack.com',
      secret: 'botToken',
      path: '/api/auth.test',
      scheme: 'Bearer',
      method: 'POST',
      // The bot's user; its app is told by the app-level token alone.
      accounts: (answer) => said(answer, 'team_id').flatMap((team) => said(answer, 'user_id').map((user) => `user ${user} of workspace ${team}`)),
    },
  },
};
