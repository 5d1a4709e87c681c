import { cases } from '../testing/cases.ts';
import { known } from '../../core/facts.ts';
import { placeFact } from '../testing/clean-facts.ts';
import { account, atBoth, plusIdentities, plusPlaces } from '../testing/secret-facts.ts';

const LOCAL = account('imessage', 'local', { kind: 'store' });

cases('channel.imessage-host-shared', {
  ok: { 'users of their own': atBoth(plusIdentities(LOCAL)) },
  ng: {
    'one Mac': atBoth(plusIdentities(account('imessage', 'mac ops@mac', { kind: 'store' }))),
    'one user of one host': atBoth((tenant) => ({ ...plusIdentities(LOCAL)(tenant), user: known({ name: 'ops', uid: 501 }, 'test') })),
    'one database': atBoth(plusPlaces(placeFact('channel:imessage', '/Users/ops/Library/Messages/chat.db'))),
  },
});
