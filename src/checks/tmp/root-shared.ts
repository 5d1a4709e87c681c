/** Two tenants share a directory for temporary files. */
import { defineCheck } from '../../core/check.ts';
import { sharedPaths, sharing } from '../join.ts';

export const check = defineCheck({
  id: 'tmp.root-shared',
  title: 'Two tenants share a directory for temporary files',
  why: 'Uploads, downloads and traces lie there; whoever makes a name first can stop the other from starting.',
  fix: 'Give each tenant its own TMPDIR, or a private /tmp.',
  how: 'Real path, inode and mount of each TMPDIR. Names that OpenClaw takes in /tmp whatever TMPDIR says: see tmp.squat.',
  source: 'openclaw 2026.9.6, seen by running it',
  severity: { team: 'warn', clients: 'high', adversarial: 'critical' },
  needs: ['paths'],
  phases: ['desired', 'observed'],
  item: 'tmp',
  *judge(facts) {
    for (const group of sharedPaths(facts, 'tmp')) yield sharing(group, 'one directory for temporary files');
  },
});
