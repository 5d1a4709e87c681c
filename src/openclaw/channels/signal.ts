/** Source: openclaw 2026.9.6 docs/channels/signal.md, config schema (channels.signal.transport). */
import { number } from './declared.ts';
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
  declared: {
    plugin: { package: '@openclaw/signal', version: '2026.9.6' },
    // No secret: signal-cli keeps the registration, in the tenant's own home unless `url` names a daemon.
    fields: {
      account: number('Number of the account'),
      url: { kind: 'address', says: 'Daemon of signal-cli, where it is not started inside', optional: true, key: 'transport.url' },
    },
    rooms: { field: 'groups', key: 'groups', mention: true },
    also: ({ settings }) => (settings['url'] === undefined ? {} : { transport: { kind: 'external-native' } }),
  },
};
