/** A-G3: the victim's gateway, asked without any token. */
import { NETWORK_REFUSALS, defineProbe, type Side, type Step } from '../define.ts';
import { connectToOwn } from './gateway.reach.ts';
import { replayDoors } from './gateway.token-replay-http.ts';

export const probe = defineProbe({
  id: 'gateway.token-missing',
  attack: 'A-G3',
  title: "Another's gateway acts for whoever asks without a token",
  does: 'Asks the victim’s gateway for its session status without any credential.',
  safe: 'One request that changes nothing; a missing token is neither counted nor delayed (openclaw 2026.9.6).',
  decoy: 'The attacker asks a listener of its own that answers everybody, with the same code.',
  fix: 'Set gateway.auth.mode to token, with a token of its own for every tenant: `bulkhead apply` makes one.',
  expected: [...NETWORK_REFUSALS, 'HTTP 401', 'HTTP 403'],
  severity: { team: 'high', clients: 'critical', adversarial: 'critical' },
  item: 'gateway-token',
  vantage: 'inside',
  acrossHosts: true,
  attempts: (attacker, victim) => replayDoors(attacker, victim).map((door) => ask(door)),
  positive: connectToOwn,
  negative: (self) => askDecoy(self),
});

export function ask(door: { readonly host: string; readonly port: number }, headers: Readonly<Record<string, string>> = {}): Step {
  const names = Object.keys(headers);
  const how = names.length === 0 ? '' : ` but with ${names.join(', ')}`;
  return { label: `ask without a token${how} on ${door.host} port ${door.port}`, action: { kind: 'ask', ...door, headers } };
}

export function askDecoy({ decoy }: Side, headers?: Readonly<Record<string, string>>): Step[] {
  return [ask({ host: '127.0.0.1', port: decoy.port }, headers)];
}
