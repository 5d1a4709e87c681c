/** Source: openclaw 2026.9.6 docs/channels/matrix/setup.md; Synapse's access tokens (`syt_<base64 of the local part>_…`). */
import { id, said, secret, text } from './declared.ts';
import { serverName, type ChannelProvider } from './provider.ts';

export const matrix: ChannelProvider = {
  channel: 'matrix',
  credentials: ['accessToken'],
  variables: {
    MATRIX_ACCESS_TOKEN: 'accessToken',
    MATRIX_PASSWORD: 'password',
    MATRIX_HOMESERVER: 'homeserver',
    MATRIX_USER_ID: 'userId',
    MATRIX_DEVICE_ID: 'deviceId',
  },
  tells: [
    { name: 'matrix.user', kind: 'match', pattern: '^syt_([A-Za-z0-9_-]{2,200})_[A-Za-z]+_[A-Za-z0-9]+$', base64: true, decoded: '^[!-~]{1,200}$' },
  ],
  *identities(account) {
    const homeserver = account.text('homeserver');
    const server = homeserver === undefined ? '' : serverName(homeserver);
    const user = account.text('userId')?.toLowerCase();
    // A full id names its own server; a bare local part means that of the homeserver.
    if (user?.includes(':') === true) yield { account: `user ${user}`, location: account.location('userId') };
    if (user !== undefined) yield { account: `user ${localPart(user)} at ${server}`, location: account.location('userId') };
    for (const { text, location } of account.told('accessToken', 'matrix.user')) yield { account: `user ${localPart(text)} at ${server}`, location };
    const device = account.text('deviceId');
    if (device !== undefined && user !== undefined)
      yield { account: `device ${device} of ${localPart(user)} at ${server}`, location: account.location('deviceId') };
  },
  declared: {
    plugin: { package: '@openclaw/matrix', version: '2026.9.6' },
    fields: {
      homeserver: { kind: 'address', says: 'Homeserver' },
      userId: id('User of the agent', /^@[!-9;-~]{1,200}:[A-Za-z0-9.:[\]-]{1,200}$/, 'a user id such as "@acme-bot:matrix.example"'),
      accessToken: secret('Where the access token comes from', { optional: true }),
      password: secret('Where the password comes from, when there is no access token', { optional: true }),
      deviceId: text('Device id that belongs to the access token', { optional: true }),
    },
    oneOf: ['accessToken', 'password'],
    rooms: { field: 'rooms', key: 'groups', senders: 'users', mention: true },
    direct: { policy: 'dm.policy', allowFrom: 'dm.allowFrom' },
    online: {
      setting: 'homeserver',
      secret: 'accessToken',
      path: '/_matrix/client/v3/account/whoami',
      scheme: 'Bearer',
      accounts: (answer) => said(answer, 'user_id').map((user) => `user ${user.toLowerCase()}`),
    },
  },
};

function localPart(user: string): string {
  return user.toLowerCase().replace(/^@/, '').replace(/:.*$/s, '');
}
