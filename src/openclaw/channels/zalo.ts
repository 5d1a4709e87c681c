/** Source: openclaw 2026.9.6 docs/channels/zalo.md; bot.zapps.me/docs (`<bot id>:<secret>`). */
import { toldBy, type ChannelProvider } from './provider.ts';

export const zalo: ChannelProvider = {
  channel: 'zalo',
  credentials: ['botToken'],
  files: { tokenFile: 'botToken' },
  variables: { ZALO_BOT_TOKEN: 'botToken' },
  // Written as Telegram's: the rule of telegram.ts reads it.
  identities: (account) => toldBy(account, ['botToken'], 'telegram.bot', 'bot'),
  *webhooks(account) {
    const url = account.text('webhookUrl');
    if (url !== undefined) yield { url, location: account.location('webhookUrl') };
  },
};
