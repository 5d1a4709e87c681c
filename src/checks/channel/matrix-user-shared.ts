/** Two tenants use one Matrix user. */
import { defineCheck } from '../../core/check.ts';
import { ACCOUNT_CHECK, sharedIdentities } from '../channels.ts';

export const check = defineCheck({
  ...ACCOUNT_CHECK,
  id: 'channel.matrix-user-shared',
  title: 'Two tenants use one Matrix user',
  why: 'Messages to one can be answered by the other, each message reaches only one of them, and cutting off one cuts off both.',
  fix: 'Register a user of its own for each tenant.',
  how: 'Server and user are compared as the config names them and as the access token tells; else the access token and the device.',
  source: 'openclaw 2026.9.6 docs/channels/matrix/setup.md',
  *judge(facts) {
    yield* sharedIdentities(facts, { channels: ['matrix'] }, 'one Matrix user');
  },
});
