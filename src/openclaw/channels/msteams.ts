/** Source: openclaw 2026.9.6 docs/channels/msteams/setup.md. The app id is one bot registration, whatever tenant it lies in. */
import { saidBy, type ChannelProvider } from './provider.ts';

export const msteams: ChannelProvider = {
  channel: 'msteams',
  credentials: ['appPassword'],
  variables: { MSTEAMS_APP_ID: 'appId', MSTEAMS_APP_PASSWORD: 'appPassword', MSTEAMS_TENANT_ID: 'tenantId' },
  *identities(account) {
    yield* saidBy(account, 'appId', 'app');
    yield* saidBy(account, 'managedIdentityClientId', 'app');
  },
  *webhooks(account) {
    if (account.text('appId') === undefined) return;
    yield { host: '0.0.0.0', port: account.number('webhook.port') ?? 3978, location: account.location('webhook.port') };
  },
};
