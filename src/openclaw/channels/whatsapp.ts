/** Source: openclaw 2026.9.6 docs/channels/whatsapp.md; WhatsApp's linked-device store (creds.json: `me`, `noiseKey`, `signedIdentityKey`). */
import { number } from './declared.ts';
import { phoneNumber, toldBy, type ChannelProvider } from './provider.ts';

export const whatsapp: ChannelProvider = {
  channel: 'whatsapp',
  credentials: [],
  tells: [
    { name: 'whatsapp.id', kind: 'json', field: 'me.id' },
    { name: 'whatsapp.lid', kind: 'json', field: 'me.lid' },
    { name: 'whatsapp.noise', kind: 'json', field: 'noiseKey.public' },
    { name: 'whatsapp.identity', kind: 'json', field: 'signedIdentityKey.public' },
  ],
  *reads(account, { credentials }) {
    const own = account.text('authDir');
    if (own !== undefined) yield { key: 'creds', path: `${own}/creds.json` };
    // Accounts that were linked once lie there, whether the config still names them or not.
    if (account.isDefault) yield { key: 'creds', path: `${credentials}/whatsapp/*/creds.json` };
  },
  *stores(account, { credentials }) {
    const own = account.text('authDir');
    const path = own ?? `${credentials}/whatsapp/${account.id}`;
    yield { path, location: own === undefined ? 'default' : account.location('authDir') };
  },
  *identities(account) {
    // `4917…:12@s.whatsapp.net`: number, linked device, server.
    for (const name of ['whatsapp.id', 'whatsapp.lid'])
      for (const { text, location } of account.told('creds', name))
        yield { account: `${name === 'whatsapp.id' ? 'number' : 'lid'} ${text.replace(/[:@].*$/s, '')}`, location };
    yield* toldBy(account, ['creds'], 'whatsapp.noise', 'linked device');
    yield* toldBy(account, ['creds'], 'whatsapp.identity', 'identity key');
  },
  declared: {
    plugin: { package: '@openclaw/whatsapp', version: '2026.9.6' },
    // No secret: the tenant is linked as a device, inside, and keeps what that gives it in its own state.
    fields: { number: number('Number of the account that is linked', { key: null, tells: (text) => `number ${phoneNumber(text)}` }) },
    rooms: { field: 'groups', key: 'groups', mention: true },
  },
};
