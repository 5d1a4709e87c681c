/** Two tenants use one Telegram bot. */
import { defineCheck } from '../../core/check.ts';
import { ACCOUNT_CHECK, sharedIdentities } from '../channels.ts';

export const check = defineCheck({
  ...ACCOUNT_CHECK,
  id: 'channel.telegram-bot-shared',
  title: 'Two tenants use one Telegram bot',
  why: 'Each message reaches one of the two only. Telegram ends the request of one with 409 Conflict when the other asks for updates: whichever asked last gets what customers of both write, answers in the bot’s name, and the other asks no more for half a minute. So messages go to the wrong tenant, or come late. Revoking one revokes both.',
  fix: 'Make a bot of its own for each tenant with @BotFather.',
  how: 'The bot id before the colon of each token is compared, also of accounts that are switched off and under another token; else the token or its source.',
  source:
    'openclaw 2026.9.6 docs/channels/telegram/setup.md; core.telegram.org/bots/api#authorizing-your-bot, #getupdates; tdlib/telegram-bot-api Client.cpp (abort_long_poll); the half minute seen on two gateways with one bot',
  *judge(facts) {
    yield* sharedIdentities(
      facts,
      { channels: ['telegram'] },
      'one Telegram bot: whichever gateway asked Telegram last gets the messages of all of them, and answers',
    );
  },
});
