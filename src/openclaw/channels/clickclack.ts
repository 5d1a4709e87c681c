/** Source: openclaw 2026.9.6 docs/channels/clickclack.md. */
import { serverName, type ChannelProvider } from './provider.ts';

export const clickclack: ChannelProvider = {
  channel: 'clickclack',
  credentials: ['token'],
  files: { tokenFile: 'token' },
  variables: { CLICKCLACK_BOT_TOKEN: 'token' },
  *identities(account) {
    const [url, user] = [account.text('baseUrl'), account.text('botUserId')];
    if (user !== undefined)
      yield { account: `bot ${user} at ${url === undefined ? 'the default server' : serverName(url)}`, location: account.location('botUserId') };
  },
};
