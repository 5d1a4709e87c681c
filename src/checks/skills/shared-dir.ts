/** Two tenants take skills from one directory. */
import { defineCheck } from '../../core/check.ts';
import { sharedCodeRoots } from '../code-roots.ts';
import { sharing } from '../join.ts';

export const check = defineCheck({
  id: 'skills.shared-dir',
  title: 'Two tenants take skills from one directory',
  why: 'A skill is trusted instructions and code: one that is put there for one tenant works in the other.',
  fix: 'Give each tenant its own HOME and its own skills.load.extraDirs.',
  how: 'Skills below the state directory and below ~/.agents, skills.load.extraDirs, OPENCLAW_BUNDLED_SKILLS_DIR: compared by real path and inode.',
  source: 'openclaw 2026.9.6 docs/tools/skills.md',
  severity: { team: 'warn', clients: 'high', adversarial: 'critical' },
  needs: ['codeRoots'],
  phases: ['desired', 'observed'],
  item: 'code',
  *judge({ tenants }) {
    for (const group of sharedCodeRoots(tenants, ({ kind }) => kind === 'skills')) yield sharing(group, 'a directory of skills');
  },
});
