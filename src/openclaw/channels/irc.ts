/** Source: openclaw 2026.9.6 docs/channels/irc.md; RFC 2812 section 2.2 (nicks compare without case, `{}|^` are the lower case of `[]\~`). */
import { id, secret, text } from './declared.ts';
import { type ChannelProvider } from './provider.ts';

export const irc: ChannelProvider = {
  channel: 'irc',
  credentials: ['nickserv.password'],
  files: { passwordFile: 'password', 'nickserv.passwordFile': 'nickserv.password' },
  variables: { IRC_HOST: 'host', IRC_NICK: 'nick', IRC_PORT: 'port', IRC_PASSWORD: 'password', IRC_NICKSERV_PASSWORD: 'nickserv.password' },
  *identities(account) {
    const [host, nick] = [account.text('host'), account.text('nick')];
    if (host === undefined || nick === undefined) return;
    yield { account: `${folded(nick.trim())} on ${host.trim().toLowerCase().replace(/\.$/, '')}`, location: account.location('nick') };
  },
  declared: {
    plugin: { package: '@openclaw/irc', version: '2026.9.5' },
    fields: {
      host: id('Server', /^[A-Za-z0-9.:-]{1,253}$/, 'a host name'),
      port: { kind: 'port', says: 'Port of the server; 6697 with TLS, 6667 without', optional: true },
      tls: { kind: 'flag', says: 'Whether the connection is encrypted; it is, unless this says false', optional: true },
      nick: id('Nick of the agent', /^[A-Za-z[\]\\`_^{|}][A-Za-z0-9[\]\\`_^{|}-]{0,63}$/, 'a nick such as acme-bot'),
      username: text('User name; the nick, when absent', { optional: true }),
      password: secret('Where the server’s password comes from', { optional: true }),
      nickservPassword: secret('Where the password of the nick comes from, for NickServ', { optional: true, key: 'nickserv.password' }),
    },
    rooms: { field: 'channels', key: 'groups', mention: true },
    // `groups` says where it answers, `channels` where it goes.
    also: ({ rooms }) => (rooms.length > 0 ? { channels: [...rooms] } : {}),
  },
};

function folded(nick: string): string {
  const lowered: Readonly<Record<string, string>> = { '[': '{', ']': '}', '\\': '|', '~': '^' };
  return [...nick.toLowerCase()].map((letter) => lowered[letter] ?? letter).join('');
}
