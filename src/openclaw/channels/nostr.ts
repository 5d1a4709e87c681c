/** Source: openclaw 2026.9.6 docs/channels/nostr.md; NIP-01 and NIP-19. */
import { toldBy, type ChannelProvider } from './provider.ts';

export const nostr: ChannelProvider = {
  channel: 'nostr',
  credentials: ['privateKey'],
  variables: { NOSTR_PRIVATE_KEY: 'privateKey' },
  tells: [{ name: 'nostr.pubkey', kind: 'nostr' }],
  identities: (account) => toldBy(account, ['privateKey'], 'nostr.pubkey', 'pubkey'),
};
