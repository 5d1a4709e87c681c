/** Somebody else listens on the port of a tenant. */
import { defineCheck } from '../../core/check.ts';

export const check = defineCheck({
  id: 'port.listener-owner',
  title: 'Somebody else listens on the port of a tenant',
  why: 'Whoever listens there first receives the token of every client.',
  fix: 'Stop the process that is named, then run: bulkhead apply.',
  severity: { team: 'high', clients: 'critical', adversarial: 'critical' },
  needs: ['listener', 'user'],
  phases: ['observed'],
  item: 'port',
  *judge(facts) {
    for (const { tenant, listener, user } of facts.tenants) {
      if (!listener.known || listener.value === null || !user.known || user.value.uid === undefined) continue;
      const { holders, address, port } = listener.value;
      // Root may hold it too: the supervisor makes the socket and hands it on.
      const foreign = holders.filter(({ uid }) => uid !== 0 && uid !== user.value.uid);
      if (foreign.length === 0 && holders.some(({ uid }) => uid === user.value.uid)) continue;
      const evidence = holders.map(({ pid, uid }) => `process ${pid} of uid ${uid}`);
      yield { tenants: [tenant], message: `${address}:${port} of ${tenant} is not held by uid ${user.value.uid} alone`, evidence };
    }
  },
});
