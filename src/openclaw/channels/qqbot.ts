/** Source: openclaw 2026.9.6 docs/channels/qqbot.md. */
import { saidBy, type ChannelProvider } from './provider.ts';

export const qqbot: ChannelProvider = {
  channel: 'qqbot',
  credentials: ['clientSecret'],
  files: { clientSecretFile: 'clientSecret' },
  variables: { QQBOT_APP_ID: 'appId', QQBOT_CLIENT_SECRET: 'clientSecret' },
  identities: (account) => saidBy(account, 'appId', 'app'),
};
