/** A-C6: services of the host, on the one address of it that a tenant is next to. */
import { connectTo, connectToDecoy, defineProbe } from '../define.ts';

/** Remote login, docker, a database. Few: each refusal is an ICMP message, of which the kernel sends about one a second. */
const SERVICES = [22, 2375, 5432];

export const probe = defineProbe({
  id: 'host.reach',
  attack: 'A-C6',
  title: 'One tenant reaches services of the host that serve all tenants',
  does: 'Connects to the host’s end of the attacker’s link, on the ports of remote login, docker and a database.',
  safe: 'Opens and closes TCP connections to the host itself; sends nothing.',
  decoy: 'The attacker connects to a listener that it opened on its own loopback, with the same code.',
  fix: 'Load the tenant’s firewall rules again: `bulkhead apply`. A port that a tenant needs belongs into its `allow`.',
  // The host itself would refuse a port on which nothing listens: that shows the way to be open.
  expected: ['EHOSTUNREACH', 'ENETUNREACH', 'EACCES', 'EPERM'],
  severity: { team: 'warn', clients: 'high', adversarial: 'critical' },
  item: 'host-admins',
  vantage: 'inside',
  notApplicable: ({ tenant, link }) =>
    link === undefined ? `${tenant} has no link of its own: it stands in the host’s own network, see gateway.reach` : undefined,
  attempts: ({ link }) =>
    link === undefined ? [] : SERVICES.filter((port) => !link.allowed.includes(port)).map((port) => connectTo(link.host, port)),
  positive: connectToDecoy,
  positiveBy: 'attacker',
  negative: connectToDecoy,
});
