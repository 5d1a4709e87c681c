/** A-G1: connects to the victim's gateway. */
import { BY_TRUST, NETWORK_REFUSALS, defineProbe, doorsOf, type Side, type Step } from '../define.ts';

export const probe = defineProbe({
  id: 'gateway.reach',
  attack: 'A-G1',
  title: "One tenant reaches another's gateway port",
  does: 'Connects to 127.0.0.1, ::1 and the victim’s link address, on its published and its inside port; a victim on another machine at every address of that machine.',
  safe: 'Opens and closes TCP connections; sends nothing.',
  decoy: 'The attacker connects to a listener that it opened on its own loopback, with the same code.',
  fix: 'Give every tenant its own network namespace: isolation os-user. Reached but asked for a token is a password, not a wall.',
  expected: [...NETWORK_REFUSALS],
  severity: BY_TRUST,
  item: 'port',
  vantage: 'inside',
  acrossHosts: true,
  attempts: (attacker, victim) => doors(attacker, victim).map(connect),
  positive: connectToOwn,
  negative: ({ decoy }) => [connect({ host: '127.0.0.1', port: decoy.port })],
});

export interface Door {
  readonly host: string;
  readonly port: number;
}

/** Every address under which the victim's gateway might be reached; on another machine its loopback and its link are not the attacker's. */
export function doors(attacker: Side, victim: Side): Door[] {
  const { publishedPort, gatewayPort, address } = victim;
  if (attacker.on !== victim.on) return doorsOf(victim, [publishedPort, gatewayPort]);
  const hosts = ['127.0.0.1', '::1', ...(address === undefined ? [] : [address])];
  return hosts.flatMap((host) => [...new Set([publishedPort, gatewayPort])].map((port) => ({ host, port })));
}

/** What a gateway that is attacked must let its own tenant do. */
export function connectToOwn({ gatewayPort }: Side): Step[] {
  return [connect({ host: '127.0.0.1', port: gatewayPort })];
}

function connect({ host, port }: Door): Step {
  return { label: `connect to ${host} port ${port}`, action: { kind: 'connect', host, port } };
}
