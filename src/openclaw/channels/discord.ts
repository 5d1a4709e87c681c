/** Source: openclaw 2026.9.6 docs/channels/discord; discord.com/developers/docs/reference#authentication (first part of a token: the application's snowflake). */
import { id, said, secret } from './declared.ts';
import { saidBy, toldBy, type ChannelProvider } from './provider.ts';

export const discord: ChannelProvider = {
  channel: 'discord',
  credentials: ['token'],
  variables: { DISCORD_BOT_TOKEN: 'token' },
  tells: [
    {
      name: 'discord.app',
      kind: 'match',
      pattern: '^(?:Bot )?([A-Za-z0-9_-]{20,40})\\.[A-Za-z0-9_-]{4,10}\\.[A-Za-z0-9_-]{20,80}$',
      base64: true,
      decoded: '^[0-9]{15,22}$',
    },
  ],
  *identities(account) {
    yield* toldBy(account, ['token'], 'discord.app', 'application');
    yield* saidBy(account, 'applicationId', 'application');
    for (const guild of account.names('guilds'))
      if (guild !== '*') yield { account: `guild ${guild}`.slice(0, 200), kind: 'place', location: account.location('guilds') };
  },
  declared: {
    plugin: { package: '@openclaw/discord', version: '2026.9.6' },
    fields: {
      applicationId: id('Application id, on its page General Information', /^[0-9]{15,22}$/, 'an application id: 15 to 22 digits, in quotes', {
        optional: true,
      }),
      token: secret('Where the bot token comes from'),
    },
    rooms: { field: 'guilds', key: 'guilds', senders: 'users', mention: true },
    online: {
      address: 'https://discord.com',
      secret: 'token',
      path: '/api/v10/users/@me',
      scheme: 'Bot',
      // A bot's user has the id of its application, but for applications of before 2016.
      accounts: (answer) => said(answer, 'id').map((user) => `application ${user}`),
    },
  },
};
