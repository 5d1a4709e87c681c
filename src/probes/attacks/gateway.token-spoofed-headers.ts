/** A-G6: the victim's gateway, asked with the headers of a proxy instead of a token. */
import { NETWORK_REFUSALS, defineProbe } from '../define.ts';
import { ask, askDecoy } from './gateway.token-missing.ts';
import { connectToOwn } from './gateway.reach.ts';
import { replayDoors } from './gateway.token-replay-http.ts';

/** What proxies say of who is behind them, and what OpenClaw reads of scopes. Source: openclaw 2026.9.6 docs/gateway/trusted-proxy-auth.md. */
const SPOOFED = {
  'x-forwarded-for': '127.0.0.1',
  'x-real-ip': '127.0.0.1',
  forwarded: 'for=127.0.0.1',
  'x-forwarded-user': 'operator@example.com',
  'tailscale-user-login': 'operator@example.com',
  'x-openclaw-scopes': 'operator.admin',
};

export const probe = defineProbe({
  id: 'gateway.token-spoofed-headers',
  attack: 'A-G6',
  title: "Another's gateway believes who forges the headers of a proxy",
  does: 'Asks the victim’s gateway for its session status without a token, with the headers by which a proxy names a user.',
  safe: 'One request that changes nothing; the user that it names exists nowhere.',
  decoy: 'The attacker asks a listener of its own that answers everybody, with the same code.',
  fix: 'Do not use trusted-proxy where other tenants reach the gateway’s port; give every tenant its own network namespace: isolation os-user.',
  expected: [...NETWORK_REFUSALS, 'HTTP 401', 'HTTP 403'],
  severity: { team: 'high', clients: 'critical', adversarial: 'critical' },
  item: 'gateway-token',
  vantage: 'inside',
  attempts: (attacker, victim) => replayDoors(attacker, victim).map((door) => ask(door, SPOOFED)),
  positive: connectToOwn,
  negative: (self) => askDecoy(self, SPOOFED),
});
