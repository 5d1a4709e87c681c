import { cases } from '../testing/cases.ts';
import { placeFact } from '../testing/clean-facts.ts';
import { account, atAcme, atBoth, plusIdentities, plusPlaces } from '../testing/secret-facts.ts';

cases('channel.signal-account-shared', {
  ok: {
    'an account of its own': atAcme(plusIdentities(account('signal', 'number 49170'))),
    'a daemon on the loopback of each': atBoth(plusIdentities(account('signal', 'daemon 127.0.0.1:8080', { kind: 'store' }))),
  },
  ng: {
    'one account': atBoth(plusIdentities(account('signal', 'number 49170'))),
    'one daemon': atBoth(plusIdentities(account('signal', 'daemon signal.lan:8080', { kind: 'store' }))),
    'one directory': atBoth(plusPlaces(placeFact('channel:signal', '/srv/signal-cli'))),
  },
});
