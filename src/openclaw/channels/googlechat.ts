/** Source: openclaw 2026.9.6 docs/channels/googlechat.md; a service account's JSON key (cloud.google.com/iam/docs/keys-create-delete). */
import { id, secret } from './declared.ts';
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
  declared: {
    plugin: { package: '@openclaw/googlechat', version: '2026.9.5' },
    fields: {
      project: id('Project id of the service account', /^[a-z][a-z0-9-]{4,40}$/, 'a project id such as acme-chat-123', {
        optional: true,
        key: null,
        tells: (project) => `project ${project}`,
      }),
      serviceAccount: secret('Where the service account’s JSON key comes from'),
      audienceType: {
        kind: 'word',
        words: ['app-url', 'project-number'],
        says: 'What the app is called with: its address or the number of its project',
      },
      audience: id('That address or number', /^(?:https:\/\/[^\s@?#]{1,200}|[0-9]{6,20})$/, 'an https:// address or a project number'),
    },
    rooms: { field: 'spaces', key: 'groups', mention: true },
  },
};
