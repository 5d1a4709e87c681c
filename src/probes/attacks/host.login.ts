/** A-C7: remote login of another tenant's machine, from inside. */
import { NETWORK_REFUSALS, connectTo, connectToDecoy, defineProbe, doorsOf } from '../define.ts';

const REMOTE_LOGIN = 22;

export const probe = defineProbe({
  id: 'host.login',
  attack: 'A-C7',
  title: "One tenant reaches the remote login of another's machine",
  does: 'Connects to port 22 of the victim’s machine, at each of its addresses, from inside the attacker’s boundary.',
  safe: 'Opens and closes TCP connections; sends nothing, so no key and no password is tried.',
  decoy: 'The attacker connects to a listener that it opened on its own loopback, with the same code.',
  fix: 'Give the tenant `egress: none`, or let the machine’s firewall take remote login from your own addresses only. A boundary refuses private addresses by itself; a public one is the Internet to it.',
  expected: [...NETWORK_REFUSALS],
  severity: { team: 'info', clients: 'warn', adversarial: 'high' },
  item: 'host-admins',
  vantage: 'inside',
  acrossHosts: true,
  onlyAcrossHosts: true,
  attempts: (_attacker, victim) => doorsOf(victim, [REMOTE_LOGIN]).map(({ host, port }) => connectTo(host, port)),
  positive: connectToDecoy,
  positiveBy: 'attacker',
  negative: connectToDecoy,
});
