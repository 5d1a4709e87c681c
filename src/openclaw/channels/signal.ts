/** Source: openclaw 2026.9.6 docs/channels/signal.md, config schema (channels.signal.transport). */
import { phoneNumber, saidBy, serverName, type ChannelProvider } from './provider.ts';

export const signal: ChannelProvider = {
  channel: 'signal',
  credentials: [],
  *stores(account, { home }) {
    const own = account.text('transport.configPath');
    if (own !== undefined) yield { path: own, location: account.location('transport.configPath') };
    else if (account.text('transport.url') === undefined) {
      const below = account.variable('XDG_DATA_HOME') ?? `${home}/.local/share`;
      yield { path: `${below}/signal-cli`, location: 'default of signal-cli' };
    }
  },
  *identities(account) {
    yield* saidBy(account, 'account', 'number', phoneNumber);
    yield* saidBy(account, 'accountUuid', 'uuid');
    const url = account.text('transport.url');
    if (url !== undefined) yield { account: `daemon ${serverName(url)}`, kind: 'store', location: account.location('transport.url') };
  },
};
