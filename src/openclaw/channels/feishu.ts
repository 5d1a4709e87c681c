/** Source: openclaw 2026.9.6 docs/channels/feishu/configuration-reference.md. */
import { saidBy, type ChannelProvider } from './provider.ts';

export const feishu: ChannelProvider = {
  channel: 'feishu',
  credentials: ['appSecret'],
  identities: (account) => saidBy(account, 'appId', 'app'),
  *webhooks(account) {
    const port = account.number('webhookPort');
    if (account.text('connectionMode') !== 'webhook' || port === undefined) return;
    yield { host: account.text('webhookHost') ?? '127.0.0.1', port, location: account.location('webhookPort') };
  },
};
