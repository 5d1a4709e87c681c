/** One gateway may read and change the memory of another. */
import { defineCheck } from '../../core/check.ts';
import { sharedBy, sharing } from '../join.ts';

export const check = defineCheck({
  id: 'os.ptrace',
  title: 'One gateway may read and change the memory of another',
  why: 'Tokens and conversations lie in it; nothing of it is logged.',
  fix: 'Use isolation os-user or higher. Where tenants must share a user: sysctl kernel.yama.ptrace_scope=1.',
  how: 'Gateways with one user in one process namespace, on a host whose kernel.yama.ptrace_scope is 0 or whose kernel has no Yama.',
  source: 'ptrace(2); Documentation/admin-guide/LSM/Yama.rst',
  severity: { team: 'warn', clients: 'high', adversarial: 'critical' },
  needs: ['process', 'host.machine'],
  phases: ['observed'],
  item: 'processes',
  *judge({ tenants, hosts }) {
    const scopes = new Map(hosts.map(({ host, machine }) => [host, machine.known ? machine.value.ptraceScope : '']));
    const groups = sharedBy(tenants, ({ host, process }) => {
      const scope = scopes.get(host) ?? '';
      if (!process.known || process.value === null || !['0', 'absent'].includes(scope)) return [];
      const { uid, namespaces } = process.value;
      return [{ key: `${host} ${namespaces['pid']} ${uid}`, where: `uid ${uid}, ptrace_scope ${scope}` }];
    });
    for (const group of groups) yield sharing(group, 'the right to trace processes');
  },
});
