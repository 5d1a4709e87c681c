/** Two tenants read one Messages account. */
import { defineCheck } from '../../core/check.ts';
import { ACCOUNT_CHECK, sharedIdentities, sharedStores } from '../channels.ts';

export const check = defineCheck({
  ...ACCOUNT_CHECK,
  id: 'channel.imessage-host-shared',
  title: 'Two tenants read one Messages account',
  why: 'Messages belong to the macOS user: both gateways see and answer the same chats.',
  fix: 'Give each tenant a macOS user with an Apple account of its own, better a machine of its own.',
  how: 'The Mac that is named, or host and OS user where none is, and the database are compared.',
  source: 'openclaw 2026.9.6 docs/channels/imessage.md',
  needs: ['identities', 'places', 'user'],
  *judge(facts) {
    yield* sharedIdentities(facts, { channels: ['imessage'], kind: 'store' }, 'one Messages account');
    yield* sharedStores(facts, 'imessage', 'one Messages database');
  },
});
