/** One directory is mounted into two tenants. */
import { defineCheck } from '../../core/check.ts';
import { crossing, crossings, isWithin } from '../join.ts';

export const check = defineCheck({
  id: 'path.bind-mount',
  title: 'One directory is mounted into two tenants',
  why: 'Different paths with the same directory behind them are shared all the same.',
  fix: 'Mount a directory of its own for each tenant.',
  how: 'What /proc/<pid>/mountinfo of the gateway says lies behind each of its paths: device and path within its file system.',
  source: 'proc_pid_mountinfo(5)',
  severity: { team: 'high', clients: 'critical', adversarial: 'critical' },
  needs: ['paths'],
  phases: ['observed'],
  item: 'paths',
  *judge(facts) {
    for (const found of crossings(facts, (path) => path.backing)) {
      const { inner, outer } = found;
      if (!isWithin(inner.path.real, outer.path.real)) yield crossing(found, 'is backed by a mount of');
    }
  },
});
