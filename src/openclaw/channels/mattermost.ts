/** Source: openclaw 2026.9.6 docs/channels/mattermost.md. A bot's token does not tell whose it is; it is one bot's alone. */
import { id, said, secret, settingOf } from './declared.ts';
import { serverName, type ChannelProvider } from './provider.ts';

export const mattermost: ChannelProvider = {
  channel: 'mattermost',
  credentials: ['botToken'],
  variables: { MATTERMOST_BOT_TOKEN: 'botToken', MATTERMOST_URL: 'baseUrl' },
  declared: {
    plugin: { package: '@openclaw/mattermost', version: '2026.9.5' },
    fields: {
      baseUrl: { kind: 'address', says: 'Server' },
      bot: id('User name of the bot account', /^[a-z][a-z0-9._-]{0,63}$/, 'a user name such as acme-bot', {
        optional: true,
        key: null,
        tells: (bot, channel) => `bot ${bot} at ${serverName(settingOf(channel, 'baseUrl'))}`,
      }),
      botToken: secret('Where the bot’s access token comes from'),
    },
    rooms: { field: 'channels', key: 'groups', mention: true },
    online: {
      setting: 'baseUrl',
      secret: 'botToken',
      path: '/api/v4/users/me',
      scheme: 'Bearer',
      accounts: (answer, channel) => said(answer, 'username').map((bot) => `bot ${bot} at ${serverName(settingOf(channel, 'baseUrl'))}`),
    },
  },
};
