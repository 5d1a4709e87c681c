/** Source: openclaw 2026.9.6 docs/channels/whatsapp.md; WhatsApp's linked-device store (creds.json: `me`, `noiseKey`, `signedIdentityKey`). */
import { toldBy, type ChannelProvider } from './provider.ts';

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
};
