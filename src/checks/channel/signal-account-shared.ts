/** Two tenants use one Signal account. */
import { defineCheck } from '../../core/check.ts';
import { ACCOUNT_CHECK, sharedIdentities, sharedStores } from '../channels.ts';

export const check = defineCheck({
  ...ACCOUNT_CHECK,
  id: 'channel.signal-account-shared',
  title: 'Two tenants use one Signal account',
  why: 'Messages to one can be answered by the other, each message reaches only one of them, and cutting off one cuts off both.',
  fix: 'Register a number of its own for each tenant, with a signal-cli directory of its own.',
  how: 'Number, uuid, daemon address and the directory of signal-cli are compared; a daemon on loopback counts within one network namespace.',
  source: 'openclaw 2026.9.6 docs/channels/signal.md',
  needs: ['identities', 'places', 'ports'],
  *judge(facts) {
    yield* sharedIdentities(facts, { channels: ['signal'] }, 'one Signal account');
    yield* sharedIdentities(facts, { channels: ['signal'], kind: 'store' }, 'one Signal daemon');
    yield* sharedStores(facts, 'signal', 'one directory of signal-cli');
  },
});
