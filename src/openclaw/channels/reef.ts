/** Source: openclaw 2026.9.6 config schema (channels.reef), docs/channels/reef.md. */
import { saidBy, type ChannelProvider } from './provider.ts';

export const reef: ChannelProvider = {
  channel: 'reef',
  credentials: [],
  *stores(account) {
    const own = account.text('stateDir');
    if (own !== undefined) yield { path: own, location: account.location('stateDir') };
  },
  *identities(account) {
    yield* saidBy(account, 'handle', 'handle');
    yield* saidBy(account, 'email', 'mailbox');
  },
};
