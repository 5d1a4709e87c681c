/** Two tenants use one account of a channel that has no check of its own. */
import { defineCheck } from '../../core/check.ts';
import { ACCOUNT_CHECK, sharedIdentities } from '../channels.ts';

const TOLD_ELSEWHERE: ReadonlySet<string> = new Set([
  'telegram',
  'slack',
  'discord',
  'whatsapp',
  'signal',
  'imessage',
  'matrix',
  'msteams',
  'googlechat',
  // channel.shared-mailbox-calendar
  'imap',
]);

export const check = defineCheck({
  ...ACCOUNT_CHECK,
  id: 'channel.other-identity-shared',
  title: 'Two tenants use one channel account',
  why: 'Messages to one can be answered by the other, each message reaches only one of them, and cutting off one cuts off both.',
  fix: 'Give each tenant an account of its own.',
  how: 'The account as the config or its credential tells it is compared, for every other channel: Mattermost, Feishu, QQ, LINE, Zalo, Nextcloud Talk, IRC, Nostr, Twitch, SMS, ClickClack, Buzz, Synology Chat, Tlon, Reef; else the credential.',
  source: 'openclaw 2026.9.6 docs/channels, `openclaw config schema` (channels)',
  *judge(facts) {
    yield* sharedIdentities(facts, { channels: (channel) => !TOLD_ELSEWHERE.has(channel) }, 'one channel account');
  },
});
