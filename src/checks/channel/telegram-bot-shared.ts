/** Two tenants use one Telegram bot. */
import { defineCheck } from '../../core/check.ts';
import { ACCOUNT_CHECK, sharedIdentities } from '../channels.ts';

export const check = defineCheck({
  ...ACCOUNT_CHECK,
  id: 'channel.telegram-bot-shared',
  title: 'Two tenants use one Telegram bot',
  why: 'Messages to one can be answered by the other, each message reaches only one of them, and revoking one revokes both.',
  fix: 'Make a bot of its own for each tenant with @BotFather.',
  how: 'The bot id before the colon of each token is compared, also of accounts that are switched off and under another token; else the token or its source.',
  source: 'openclaw 2026.9.6 docs/channels/telegram/setup.md; core.telegram.org/bots/api#authorizing-your-bot',
  *judge(facts) {
    yield* sharedIdentities(facts, { channels: ['telegram'] }, 'one Telegram bot');
  },
});
