/** Source: openclaw 2026.9.6 dist/extensions/imap/openclaw.plugin.json. A plugin, no channel: its accounts lie in its entry. */
import type { ChannelProvider } from './provider.ts';

export const imap: ChannelProvider = {
  channel: 'imap',
  at: 'plugins.entries.imap.config',
  credentials: ['password'],
  *identities(account) {
    const [host, user] = [account.text('host'), account.text('user')];
    if (host !== undefined && user !== undefined)
      yield { account: `${user.toLowerCase()} at ${host.toLowerCase().replace(/\.$/, '')}`, location: account.location('user') };
  },
};
