/** A-G5: the attacker as a new device of the victim's gateway. */
import { NETWORK_REFUSALS, defineProbe, type Side, type Step } from '../define.ts';
import type { Door } from './gateway.reach.ts';
import { replayDoors, withoutToken } from './gateway.token-replay-http.ts';

export const probe = defineProbe({
  id: 'gateway.pairing',
  attack: 'A-G5',
  title: "Another's gateway pairs whoever looks local",
  does: 'Performs the gateway’s handshake as a new device with a key of its own and no token, which a gateway that takes it for local pairs silently; the victim looks for the device afterwards.',
  safe: 'The key is made for the attempt and forgotten; a device that was paired is removed at once, and a missing token is neither counted nor delayed.',
  decoy: 'The attacker performs the same handshake with its own gateway and its own token, which pairs the device: it must be called breached.',
  fix: 'Set gateway.auth.mode to token, with a token of its own for every tenant; gateway.nodes.pairing.autoApproveLocal off asks for every device.',
  expected: [...NETWORK_REFUSALS, 'WS AUTH_TOKEN_MISSING', 'WS AUTH_TOKEN_MISMATCH', 'WS AUTH_UNAUTHORIZED', 'WS 1008'],
  severity: { team: 'high', clients: 'critical', adversarial: 'critical' },
  item: 'gateway-token',
  vantage: 'inside',
  notApplicable: withoutToken,
  attempts: (attacker, victim) => replayDoors(attacker, victim).map((door) => pair(attacker, door)),
  positive: pairWithOwn,
  positiveBy: 'attacker',
  negative: pairWithOwn,
});

function pairWithOwn(self: Side): Step[] {
  const { label, action } = pair(self, { host: '127.0.0.1', port: self.gatewayPort });
  return [{ label, action: { ...action, own: true } }];
}

function pair({ nonce }: Side, { host, port }: Door) {
  return { label: `pair a device with ${host} port ${port}`, action: { kind: 'pair', host, port, name: nonce.slice(0, 8) } } as const;
}
