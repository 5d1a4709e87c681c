/** Two tenants use one Google Chat app. */
import { defineCheck } from '../../core/check.ts';
import { ACCOUNT_CHECK, sharedIdentities } from '../channels.ts';

export const check = defineCheck({
  ...ACCOUNT_CHECK,
  id: 'channel.googlechat-app-shared',
  title: 'Two tenants use one Google Chat app',
  why: 'Messages to one can be answered by the other, each message reaches only one of them, and cutting off one cuts off both.',
  fix: 'Give each tenant a Google Cloud project with a service account of its own.',
  how: 'Address and project of each service account key, and project numbers, are compared; a project has one Chat app.',
  source: 'openclaw 2026.9.6 docs/channels/googlechat.md',
  *judge(facts) {
    yield* sharedIdentities(facts, { channels: ['googlechat'] }, 'one Google Chat app');
  },
});
