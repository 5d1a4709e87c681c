/** A-G2: the attacker's own token on the victim's gateway, over HTTP. */
import { NETWORK_REFUSALS, defineProbe, doorsOf, type Side, type Step } from '../define.ts';

export const probe = defineProbe({
  id: 'gateway.token-replay-http',
  attack: 'A-G2',
  title: "One tenant's token is accepted by another's gateway over HTTP",
  does: 'Asks the victim’s gateway for its session status with the attacker’s own token.',
  safe: 'One request that changes nothing; one wrong token delays nobody noticeably (openclaw 2026.9.6 delays the caller 0.3 s).',
  decoy: 'The attacker sends the same request to its own gateway, which accepts the token: it must be called breached.',
  fix: 'Give every tenant its own gateway token: `bulkhead apply` makes a random one per tenant.',
  expected: [...NETWORK_REFUSALS, 'HTTP 401', 'HTTP 403'],
  severity: { team: 'high', clients: 'critical', adversarial: 'critical' },
  item: 'gateway-token',
  vantage: 'inside',
  notApplicable: withoutToken,
  acrossHosts: true,
  attempts: (attacker, victim) => replayDoors(attacker, victim).map(invoke),
  positive: (self) => [invoke({ host: '127.0.0.1', port: self.gatewayPort })],
  negative: (self) => [invoke({ host: '127.0.0.1', port: self.gatewayPort })],
});

export function withoutToken(attacker: Side): string | undefined {
  return attacker.hasToken ? undefined : `${attacker.tenant} has no gateway token to try`;
}

/** One try on the published door and one on the link, or on the published door of each address of another machine: a wrong token is sent at most once through each. */
export function replayDoors(attacker: Side, victim: Side): { readonly host: string; readonly port: number }[] {
  const { publishedPort, gatewayPort, address } = victim;
  if (attacker.on !== victim.on) return doorsOf(victim, [publishedPort]);
  return [{ host: '127.0.0.1', port: publishedPort }, ...(address === undefined ? [] : [{ host: address, port: gatewayPort }])];
}

function invoke({ host, port }: { host: string; port: number }): Step {
  return { label: `use the attacker's token over HTTP on ${host} port ${port}`, action: { kind: 'invoke', host, port } };
}
