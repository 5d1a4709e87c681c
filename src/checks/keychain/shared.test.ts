import { cases } from '../testing/cases.ts';
import { placeFact } from '../testing/clean-facts.ts';
import { atAcme, atBoth, plusPlaces } from '../testing/secret-facts.ts';

cases('keychain.shared', {
  ok: { 'an agent of its own': atAcme(plusPlaces(placeFact('session:ssh-agent', '/run/user/1/agent'))) },
  ng: {
    'one bus': atBoth(plusPlaces(placeFact('session:bus', '/run/user/0/bus'))),
    'one agent under two names': atBoth((tenant) =>
      plusPlaces({ ...placeFact('session:ssh-agent', `/t/${tenant.tenant}/agent`), exists: true, identity: '4:2' })(tenant),
    ),
  },
});
