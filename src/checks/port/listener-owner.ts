/** Somebody else listens on a port of a tenant. */
import type { Violation } from '../../core/check.ts';
import { defineCheck } from '../../core/check.ts';
import type { Facts, TenantFacts } from '../../core/facts.ts';
import type { SocketFact } from '../../core/network-facts.ts';
import { portsOf } from '../port-overlaps.ts';

export const check = defineCheck({
  id: 'port.listener-owner',
  title: 'Somebody else listens on the port of a tenant',
  why: 'Whoever listens there first receives the token of every client, or drives the browser in its place.',
  fix: 'Stop the process that is named, then run: bulkhead apply.',
  how: 'Holders of the published port, and every listening socket among the ports that the gateway takes, must be of the tenant’s own OS user, or of the gVisor that it runs in.',
  source: 'proc(5) (/proc/net/tcp, /proc/pid/fd)',
  severity: { team: 'high', clients: 'critical', adversarial: 'critical' },
  needs: ['listener', 'user', 'ports', 'settings', 'host.sockets'],
  phases: ['observed'],
  item: 'port',
  *judge(facts) {
    const sockets = socketsByPort(facts);
    for (const tenant of facts.tenants) {
      const { user } = tenant;
      if (!user.known || user.value.uid === undefined) continue;
      yield* publishedBy(tenant, user.value.uid);
      yield* squattersOf(facts, tenant, user.value.uid, sockets);
    }
  },
});

function* publishedBy({ tenant, listener, process }: TenantFacts, uid: number): Iterable<Violation> {
  if (!listener.known || listener.value === null) return;
  const { holders, address, port } = listener.value;
  // Root may hold it too: the supervisor makes the socket and hands it on.
  const foreign = holders.filter((holder) => holder.uid !== 0 && holder.uid !== uid);
  if (foreign.length === 0 && holders.some((holder) => holder.uid === uid)) return;
  // While its gateway is down root alone keeps the port for it, as the socket of its unit: nobody gets there before it.
  if (foreign.length === 0 && holders.length > 0 && process.known && process.value === null) return;
  const evidence = holders.map(({ pid, uid: owner }) => `process ${pid} of uid ${owner}`);
  yield { tenants: [tenant], message: `${address}:${port} of ${tenant} is not held by uid ${uid} alone`, evidence };
}

/** Host, namespace and port → its listening sockets. */
function socketsByPort({ hosts }: Facts): ReadonlyMap<string, readonly SocketFact[]> {
  const sockets = new Map<string, SocketFact[]>();
  for (const { host, sockets: seen } of hosts)
    for (const socket of seen.known ? seen.value : []) {
      const key = `${host} ${socket.namespace} ${socket.port}`;
      sockets.set(key, [...(sockets.get(key) ?? []), socket]);
    }
  return sockets;
}

function* squattersOf({ hosts }: Facts, tenant: TenantFacts, uid: number, sockets: ReadonlyMap<string, readonly SocketFact[]>): Iterable<Violation> {
  const foreign = new Set<string>();
  // A gVisor makes the sockets of all in it, as root on the host.
  const running = tenant.process.known ? tenant.process.value : null;
  const isOwn = (socket: SocketFact): boolean => socket.uid === uid || (running?.kernel !== undefined && socket.pids.includes(running.pid));
  for (const { kind, namespace, first, last } of portsOf(
    tenant,
    hosts.find(({ host }) => host === tenant.host),
  )) {
    if (kind === 'published') continue;
    for (let port = first; port <= last; port += 1)
      for (const socket of sockets.get(`${tenant.host} ${namespace} ${port}`) ?? [])
        if (!isOwn(socket))
          foreign.add(`${socket.address}:${port} of uid ${socket.uid}${socket.pids.length === 0 ? '' : `, process ${socket.pids.join(', ')}`}`);
  }
  if (foreign.size > 0)
    yield {
      tenants: [tenant.tenant],
      message: `another user listens on ports that the gateway of ${tenant.tenant} takes`,
      evidence: [...foreign].slice(0, 20),
    };
}
