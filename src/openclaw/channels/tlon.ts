/** Source: openclaw 2026.9.6 docs/channels/tlon.md, config schema (channels.tlon). A ship is an identity of its own. */
import { saidBy, type ChannelProvider } from './provider.ts';

export const tlon: ChannelProvider = {
  channel: 'tlon',
  credentials: ['code'],
  identities: (account) => saidBy(account, 'ship', 'ship', (ship) => ship.toLowerCase().replace(/^~/, '')),
};
