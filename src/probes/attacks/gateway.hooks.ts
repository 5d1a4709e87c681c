/** A-G10: the victim's webhooks, by which whoever may call them makes its agent act. */
import { NETWORK_REFUSALS, defineProbe, type Step } from '../define.ts';
import { judgePage } from './gateway.media.ts';
import { connectToOwn, type Door } from './gateway.reach.ts';
import { replayDoors } from './gateway.token-replay-http.ts';

export const probe = defineProbe({
  id: 'gateway.hooks',
  attack: 'A-G10',
  title: "Another's agent can be woken through its webhooks",
  does: 'Calls the victim’s webhooks for a wake-up and for a turn without any token, with a body that no webhook accepts.',
  safe: 'The body is empty, so that even an open webhook does nothing; a missing token is neither counted nor delayed.',
  decoy: 'The attacker calls a listener of its own that answers everybody, with the same code.',
  fix: 'Leave hooks.enabled off, as `bulkhead apply` does; where they are needed, give every tenant a hook token of its own.',
  expected: [...NETWORK_REFUSALS, 'HTTP 401', 'HTTP 403'],
  severity: { team: 'high', clients: 'critical', adversarial: 'critical' },
  item: 'gateway-token',
  vantage: 'inside',
  attempts: (attacker, victim) => replayDoors(attacker, victim).flatMap((door) => [call(door, '/hooks/wake'), call(door, '/hooks/agent')]),
  positive: connectToOwn,
  negative: ({ decoy }) => [call({ host: '127.0.0.1', port: decoy.port }, '/hooks/wake')],
  judge: judgePage,
});

function call(door: Door, path: string): Step {
  return { label: `call ${path} on ${door.host} port ${door.port}`, action: { kind: 'page', ...door, path, body: '{}' } };
}
