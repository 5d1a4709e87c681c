/** Source: openclaw 2026.9.6 docs/channels/msteams/setup.md. The app id is one bot registration, whatever tenant it lies in. */
import { id, secret } from './declared.ts';
import { saidBy, type ChannelProvider } from './provider.ts';

const GUID = /^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/;

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
  declared: {
    plugin: { package: '@openclaw/msteams', version: '2026.9.5' },
    fields: {
      appId: id('App id of the bot registration', GUID, 'an id such as 00000000-0000-0000-0000-000000000000'),
      tenantId: id('Directory that the registration lies in', GUID, 'an id such as 00000000-0000-0000-0000-000000000000'),
      appPassword: secret('Where the client secret comes from'),
    },
    rooms: { field: 'teams', key: 'teams', mention: true },
  },
};
