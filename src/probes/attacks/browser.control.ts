/** A-B2, A-B3: the victim's browser control and relay ports. */
import { BY_TRUST, NETWORK_REFUSALS, defineProbe, type Side, type Step } from '../define.ts';
import type { Door } from './gateway.reach.ts';

/** Ports of the control API and of the relay, counted from the gateway's own. Source: openclaw 2026.9.6 docs/tools/browser-control.md. */
const OFFSETS = [2, 10] as const;

export const probe = defineProbe({
  id: 'browser.control',
  attack: 'A-B2',
  title: "One tenant reaches another's browser control or relay port",
  does: 'Asks the victim’s browser control API and relay who they are, without any token, on loopback and on its link, while the victim answers on a decoy browser port.',
  safe: 'One request for / at each port; nothing is started, opened or changed.',
  decoy: 'The attacker asks a listener that it opened on its own loopback, with the same code, and must find it.',
  fix: 'Give every tenant its own network namespace: isolation os-user; or switch the browser off.',
  expected: [...NETWORK_REFUSALS, 'HTTP 401', 'HTTP 403'],
  severity: BY_TRUST,
  item: 'browser-profile',
  vantage: 'inside',
  attempts: (_attacker, victim) => [
    ...(victim.browserPort === undefined ? [] : [ask({ host: '127.0.0.1', port: victim.browserPort }, victim.nonce)]),
    ...controlDoors(victim).map((door) => ask(door)),
  ],
  positive: (self) => [ask({ host: '127.0.0.1', port: self.browserPort ?? 1 }, self.nonce)],
  negative: ({ decoy }) => [ask({ host: '127.0.0.1', port: decoy.port }, decoy.nonce)],
});

function controlDoors({ gatewayPort, ports, address }: Side): Door[] {
  const onLoopback = [...new Set(OFFSETS.flatMap((offset) => [ports.first + offset, gatewayPort + offset]))];
  // On its link the victim is met as it is inside.
  const onLink = address === undefined ? [] : OFFSETS.map((offset) => ({ host: address, port: gatewayPort + offset }));
  return [...['127.0.0.1', '::1'].flatMap((host) => onLoopback.map((port) => ({ host, port }))), ...onLink];
}

function ask({ host, port }: Door, nonce?: string): Step {
  return { label: `ask ${host} port ${port}`, action: { kind: 'page', host, port, path: '/' }, ...(nonce === undefined ? {} : { nonce }) };
}
