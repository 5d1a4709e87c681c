/** Two tenants use one Discord application. */
import { defineCheck } from '../../core/check.ts';
import { ACCOUNT_CHECK, sharedIdentities } from '../channels.ts';

export const check = defineCheck({
  ...ACCOUNT_CHECK,
  id: 'channel.discord-app-shared',
  title: 'Two tenants use one Discord application',
  why: 'Messages to one can be answered by the other, each message reaches only one of them, and cutting off one cuts off both.',
  fix: 'Make an application of its own for each tenant at discord.com/developers.',
  how: 'The application id in the first part of each token, or as the config names it, is compared.',
  source: 'openclaw 2026.9.6 docs/channels/discord/setup.md; discord.com/developers/docs/reference#authentication',
  *judge(facts) {
    yield* sharedIdentities(facts, { channels: ['discord'] }, 'one Discord application');
  },
});
