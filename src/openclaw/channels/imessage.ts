/** Source: openclaw 2026.9.6 docs/channels/imessage.md. The account is that of the macOS user whose Messages database is read. */
import type { ChannelProvider } from './provider.ts';

export const imessage: ChannelProvider = {
  channel: 'imessage',
  credentials: [],
  *stores(account) {
    const own = account.text('dbPath');
    if (own !== undefined) yield { path: own, location: account.location('dbPath') };
  },
  *identities(account) {
    const remote = account.text('remoteHost');
    // `local`: the Messages of the OS user on that host; the check adds host and user.
    yield {
      account: remote === undefined ? 'local' : `mac ${remote.toLowerCase()}`,
      kind: 'store',
      location: account.location(remote === undefined ? 'enabled' : 'remoteHost'),
    };
  },
};
