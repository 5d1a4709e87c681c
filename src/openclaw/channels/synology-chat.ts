/** Source: openclaw 2026.9.6 docs/channels/synology-chat.md. Token and incoming address belong to one integration alone. */
import type { ChannelProvider } from './provider.ts';

export const synologyChat: ChannelProvider = {
  channel: 'synology-chat',
  credentials: ['token', 'incomingUrl'],
  variables: { SYNOLOGY_CHAT_TOKEN: 'token', SYNOLOGY_CHAT_INCOMING_URL: 'incomingUrl' },
};
