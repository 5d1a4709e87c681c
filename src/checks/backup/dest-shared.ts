/** Backups of two tenants go to one place. */
import { defineCheck } from '../../core/check.ts';
import { sharedPaths, sharing } from '../join.ts';

export const check = defineCheck({
  id: 'backup.dest-shared',
  title: 'Backups of two tenants go to one place',
  why: 'A leak or a restore of one exposes the other.',
  fix: 'Give each tenant its own backup destination and recipient.',
  how: 'Real path, inode and mount of each declared destination.',
  source: 'openclaw 2026.9.6 docs/cli/backup.md',
  severity: { team: 'warn', clients: 'high', adversarial: 'critical' },
  needs: ['paths'],
  phases: ['desired', 'observed'],
  item: 'backups',
  *judge(facts) {
    for (const group of sharedPaths(facts, 'backup')) yield sharing(group, 'one place for backups');
  },
});
