/** Two gateways run as one OS user. */
import { defineCheck } from '../../core/check.ts';
import { sharedBy, sharing } from '../join.ts';

export const check = defineCheck({
  id: 'os.shared-uid',
  title: 'Two gateways run as one OS user',
  why: 'To the kernel they are one: each reads the files and the memory of the other.',
  fix: 'Use isolation os-user or higher.',
  how: 'The user that is declared, and the effective user of the running gateway as the host numbers it, so that namespaces of users do not hide it.',
  source: 'openclaw 2026.9.6 docs/gateway/security/index.md; credentials(7)',
  severity: { team: 'info', clients: 'high', adversarial: 'critical' },
  needs: ['user'],
  phases: ['desired', 'observed'],
  item: 'os-user',
  *judge(facts) {
    const users = sharedBy(facts.tenants, ({ host, user, process }) => {
      const declared = user.known ? [{ key: `${host} ${user.value.uid ?? user.value.name}`, where: `user ${user.value.name}` }] : [];
      const running = process.known && process.value !== null ? [{ key: `${host} ${process.value.uid}`, where: `uid ${process.value.uid}` }] : [];
      return [...declared, ...running];
    });
    for (const group of users) yield sharing(group, 'one OS user');
  },
});
