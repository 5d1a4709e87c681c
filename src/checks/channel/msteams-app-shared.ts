/** Two tenants use one Teams app. */
import { defineCheck } from '../../core/check.ts';
import { ACCOUNT_CHECK, sharedIdentities } from '../channels.ts';

export const check = defineCheck({
  ...ACCOUNT_CHECK,
  id: 'channel.msteams-app-shared',
  title: 'Two tenants use one Microsoft Teams app',
  why: 'Messages to one can be answered by the other, each message reaches only one of them, and cutting off one cuts off both.',
  fix: 'Register a bot of its own for each tenant.',
  how: 'App ids are compared, without case.',
  source: 'openclaw 2026.9.6 docs/channels/msteams/setup.md',
  *judge(facts) {
    yield* sharedIdentities(facts, { channels: ['msteams'] }, 'one Teams app');
  },
});
