/** Source: openclaw 2026.9.6 docs/channels/buzz.md. Its accounts are Nostr keys (rule in nostr.ts). */
import { toldBy, type ChannelProvider } from './provider.ts';

export const buzz: ChannelProvider = {
  channel: 'buzz',
  credentials: ['privateKey', 'authTag'],
  variables: { BUZZ_PRIVATE_KEY: 'privateKey', BUZZ_AUTH_TAG: 'authTag' },
  identities: (account) => toldBy(account, ['privateKey'], 'nostr.pubkey', 'pubkey'),
};
