/** Source: openclaw 2026.9.6 docs/channels/twitch.md. */
import { saidBy, type ChannelProvider } from './provider.ts';

export const twitch: ChannelProvider = {
  channel: 'twitch',
  credentials: ['accessToken', 'refreshToken'],
  variables: { OPENCLAW_TWITCH_ACCESS_TOKEN: 'accessToken' },
  identities: (account) => saidBy(account, 'username', 'user'),
};
