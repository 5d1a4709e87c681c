/** Source: openclaw 2026.9.6 docs/channels/nextcloud-talk.md. Its listener is open to every address unless the config says otherwise. */
import { serverName, type ChannelProvider } from './provider.ts';

export const nextcloudTalk: ChannelProvider = {
  channel: 'nextcloud-talk',
  credentials: ['botSecret'],
  files: { botSecretFile: 'botSecret', apiPasswordFile: 'apiPassword' },
  variables: { NEXTCLOUD_TALK_BOT_SECRET: 'botSecret', NEXTCLOUD_TALK_API_PASSWORD: 'apiPassword' },
  *identities(account) {
    const [url, user] = [account.text('baseUrl'), account.text('apiUser')];
    if (url !== undefined && user !== undefined)
      yield { account: `${user.toLowerCase()} at ${serverName(url)}`, location: account.location('apiUser') };
  },
  *webhooks(account) {
    if (account.text('baseUrl') === undefined) return;
    const url = account.text('webhookPublicUrl');
    const own = { host: account.text('webhookHost') ?? '0.0.0.0', port: account.number('webhookPort') ?? 8788 };
    yield { ...own, ...(url === undefined ? {} : { url }), location: account.location('webhookPort') };
  },
};
