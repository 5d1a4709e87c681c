/** Source: openclaw 2026.9.6 docs/channels/irc.md; RFC 2812 section 2.2 (nicks compare without case, `{}|^` are the lower case of `[]\~`). */
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
};

function folded(nick: string): string {
  const lowered: Readonly<Record<string, string>> = { '[': '{', ']': '}', '\\': '|', '~': '^' };
  return [...nick.toLowerCase()].map((letter) => lowered[letter] ?? letter).join('');
}
