/** Source: openclaw 2026.9.6 docs/channels/googlechat.md; a service account's JSON key (cloud.google.com/iam/docs/keys-create-delete). */
import { toldBy, type ChannelProvider } from './provider.ts';

export const googlechat: ChannelProvider = {
  channel: 'googlechat',
  credentials: ['serviceAccount'],
  files: { serviceAccountFile: 'serviceAccount' },
  variables: { GOOGLE_CHAT_SERVICE_ACCOUNT: 'serviceAccount', GOOGLE_CHAT_SERVICE_ACCOUNT_FILE: 'serviceAccountFile' },
  tells: [
    { name: 'googlechat.email', kind: 'json', field: 'client_email' },
    { name: 'googlechat.project', kind: 'json', field: 'project_id' },
  ],
  *identities(account) {
    yield* toldBy(account, ['serviceAccount'], 'googlechat.email', 'service account');
    // One Chat app per project: a second service account of a project still speaks as the same app.
    yield* toldBy(account, ['serviceAccount'], 'googlechat.project', 'project');
    const audience = account.text('audience');
    if (audience !== undefined && account.text('audienceType') === 'project-number')
      yield { account: `project number ${audience}`, location: account.location('audience') };
  },
  *webhooks(account) {
    const url = account.text('webhookUrl');
    if (url !== undefined) yield { url, location: account.location('webhookUrl') };
  },
};
