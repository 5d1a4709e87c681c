/** A-G7: the victim's gateway, asked as a web page of somebody else would ask it. */
import { NETWORK_REFUSALS, defineProbe } from '../define.ts';
import { connectToOwn } from './gateway.reach.ts';
import { ask, askDecoy } from './gateway.token-missing.ts';
import { replayDoors } from './gateway.token-replay-http.ts';

/** A name that somebody else's DNS points at this machine, and the page that was loaded from it. */
const FOREIGN = { host: 'rebound.example.com', origin: 'http://rebound.example.com', referer: 'http://rebound.example.com/' };

export const probe = defineProbe({
  id: 'gateway.host-origin',
  attack: 'A-G7',
  title: "Another's gateway acts for a web page of somebody else",
  does: 'Asks the victim’s gateway for its session status without a token, with the Host and Origin of a foreign page, as after DNS rebinding.',
  safe: 'One request that changes nothing; the name in it is reserved and never looked up.',
  decoy: 'The attacker asks a listener of its own that answers everybody, with the same code.',
  fix: 'Set gateway.auth.mode to token and leave gateway.controlUi off, or give it the origins that it may be opened from.',
  expected: [...NETWORK_REFUSALS, 'HTTP 401', 'HTTP 403'],
  severity: { team: 'high', clients: 'critical', adversarial: 'critical' },
  item: 'gateway-token',
  vantage: 'inside',
  attempts: (attacker, victim) => replayDoors(attacker, victim).map((door) => ask(door, FOREIGN)),
  positive: connectToOwn,
  negative: (self) => askDecoy(self, FOREIGN),
});
