/** Two gateways share memory files. */
import { defineCheck } from '../../core/check.ts';
import { sharedBy, sharing } from '../join.ts';

export const check = defineCheck({
  id: 'tmp.dev-shm',
  title: 'Two gateways share memory files',
  why: 'Browsers and Node keep segments there: one can fill it for all, and read what is left open.',
  fix: 'Use isolation os-user or higher: a /dev/shm of its own.',
  how: 'What lies behind /dev/shm for each running gateway: device and path of the mount, compared on one host. Open segments come and go, so sharing is reported whether or not one is open now.',
  source: 'shm_overview(7); mountinfo in proc(5)',
  severity: { team: '-', clients: 'warn', adversarial: 'high' },
  needs: ['surroundings'],
  phases: ['observed'],
  item: 'tmp',
  *judge({ tenants }) {
    const groups = sharedBy(tenants, ({ host, surroundings }) => {
      const shm = surroundings.known ? surroundings.value?.shm : undefined;
      return shm === undefined ? [] : [{ key: `${host} ${shm}`, where: `/dev/shm is ${shm}` }];
    });
    for (const group of groups) yield sharing(group, 'memory files');
  },
});
