/** Source: openclaw 2026.9.6 docs/channels/line.md. Token and secret do not tell the account; each belongs to one channel alone. */
import type { ChannelProvider } from './provider.ts';

export const line: ChannelProvider = {
  channel: 'line',
  credentials: ['channelAccessToken', 'channelSecret'],
  files: { tokenFile: 'channelAccessToken', secretFile: 'channelSecret' },
  variables: { LINE_CHANNEL_ACCESS_TOKEN: 'channelAccessToken', LINE_CHANNEL_SECRET: 'channelSecret' },
};
