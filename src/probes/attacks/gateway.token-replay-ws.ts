/** A-G4: the attacker's own token on the victim's gateway, over its WebSocket. */
import { NETWORK_REFUSALS, defineProbe, type Step } from '../define.ts';
import { replayDoors, withoutToken } from './gateway.token-replay-http.ts';

export const probe = defineProbe({
  id: 'gateway.token-replay-ws',
  attack: 'A-G4',
  title: "One tenant's token is accepted by another's gateway over WebSocket",
  does: 'Performs the gateway’s handshake as a read-only operator with the attacker’s own token.',
  safe: 'Closes as soon as the gateway has answered; calls no method.',
  decoy: 'The attacker performs the same handshake with its own gateway, which accepts the token: it must be called breached.',
  fix: 'Give every tenant its own gateway token: `bulkhead apply` makes a random one per tenant.',
  expected: [...NETWORK_REFUSALS, 'WS AUTH_TOKEN_MISMATCH', 'WS 1008'],
  severity: { team: 'high', clients: 'critical', adversarial: 'critical' },
  item: 'gateway-token',
  vantage: 'inside',
  notApplicable: withoutToken,
  acrossHosts: true,
  attempts: (attacker, victim) => replayDoors(attacker, victim).map(socket),
  positive: (self) => [socket({ host: '127.0.0.1', port: self.gatewayPort })],
  negative: (self) => [socket({ host: '127.0.0.1', port: self.gatewayPort })],
});

function socket({ host, port }: { host: string; port: number }): Step {
  return { label: `use the attacker's token over WebSocket on ${host} port ${port}`, action: { kind: 'socket', host, port } };
}
