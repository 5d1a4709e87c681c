/** Source: openclaw 2026.9.6 docs/channels/telegram; core.telegram.org/bots/api#authorizing-your-bot (`<bot id>:<secret>`). */
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
};
