/** A path of one tenant lies inside a path of another. */
import { defineCheck } from '../../core/check.ts';
import { crossing, crossings, pathsOf, type Crossing } from '../join.ts';

export const check = defineCheck({
  id: 'path.nested',
  title: 'A path of one tenant lies inside a path of another',
  why: 'What one gateway reads, writes, backs up or deletes then includes the other.',
  fix: 'Make the trees of tenants siblings, never one below the other.',
  how: 'Every path of a tenant (state, config, workspaces and directories of all agents, browser, log, backup, sandbox) lies at or below one of another, by real path; case counts only where the file system lets it.',
  source: 'openclaw 2026.9.6: an agent without a workspace of its own works below the common one',
  severity: { team: 'warn', clients: 'critical', adversarial: 'critical' },
  needs: ['paths'],
  phases: ['desired', 'observed'],
  item: 'paths',
  *judge(facts) {
    for (const found of crossings(facts, (path) => path.folded ?? path.real)) {
      const { inner, outer } = found;
      const [real, other] = [inner.path.folded ?? inner.path.real, outer.path.folded ?? outer.path.real];
      const sameRole = real === other && inner.path.role === outer.path.role;
      if (!sameRole && !isCommon(found)) yield crossing(found, 'lies inside');
    }
  },
});

/** A home or a directory for temporary files that both have is told by its own check, not once more for everything in it. */
function isCommon({ inner, outer }: Crossing): boolean {
  const { role, real } = outer.path;
  return (role === 'home' || role === 'tmp') && pathsOf(inner.tenant, role).some((own) => own.real === real);
}
