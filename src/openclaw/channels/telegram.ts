/** Source: openclaw 2026.9.6 docs/channels/telegram; core.telegram.org/bots/api#authorizing-your-bot (`<bot id>:<secret>`). */
import { isObject } from '../merge.ts';
import { id, said, secret } from './declared.ts';
import { toldBy, type ChannelProvider } from './provider.ts';

export const telegram: ChannelProvider = {
  channel: 'telegram',
  credentials: ['botToken'],
  files: { tokenFile: 'botToken' },
  variables: { TELEGRAM_BOT_TOKEN: 'botToken' },
  tells: [{ name: 'telegram.bot', kind: 'match', pattern: '^([0-9]{1,20}):[A-Za-z0-9_-]{1,200}$' }],
  identities: (account) => toldBy(account, ['botToken'], 'telegram.bot'),
  *webhooks(account) {
    const url = account.text('webhookUrl');
    if (url === undefined) return;
    const [host, port] = [account.text('webhookHost') ?? '127.0.0.1', account.number('webhookPort') ?? 8787];
    yield { url, host, port, location: account.location('webhookUrl') };
  },
  declared: {
    fields: {
      bot: id(
        'Bot id: the digits before ":" in the token. Lets `plan` see two tenants on one bot before a token exists',
        /^[1-9][0-9]{2,19}$/,
        'the bot id: the digits before ":" in the bot token',
        { optional: true, key: null, tells: (bot) => bot },
      ),
      botToken: secret('Where the bot token comes from'),
      apiRoot: { kind: 'address', says: 'Bot API server, when it is not api.telegram.org', optional: true },
    },
    rooms: { field: 'groups', key: 'groups', mention: true },
    online: {
      address: 'https://api.telegram.org',
      setting: 'apiRoot',
      secret: 'botToken',
      path: '/bot{token}/getMe',
      accounts: ({ result }) => (isObject(result) ? said(result, 'id') : []),
    },
  },
};
