/** Source: openclaw 2026.9.6 docs/channels/mattermost.md. A bot's token does not tell whose it is; it is one bot's alone. */
import type { ChannelProvider } from './provider.ts';

export const mattermost: ChannelProvider = {
  channel: 'mattermost',
  credentials: ['botToken'],
  variables: { MATTERMOST_BOT_TOKEN: 'botToken', MATTERMOST_URL: 'baseUrl' },
};
