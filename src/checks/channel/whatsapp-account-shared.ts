/** Two tenants are linked to one WhatsApp number. */
import { defineCheck } from '../../core/check.ts';
import { ACCOUNT_CHECK, sharedIdentities } from '../channels.ts';

export const check = defineCheck({
  ...ACCOUNT_CHECK,
  id: 'channel.whatsapp-account-shared',
  title: 'Two tenants are linked to one WhatsApp number',
  why: 'Both read and answer every chat of the number; a copied link even logs the other out.',
  fix: 'Link each tenant to a number of its own.',
  how: 'Number, lid and the public keys of each linked device are compared, without the device number.',
  source: 'openclaw 2026.9.6 docs/channels/whatsapp.md',
  *judge(facts) {
    yield* sharedIdentities(facts, { channels: ['whatsapp'] }, 'one WhatsApp account');
  },
});
