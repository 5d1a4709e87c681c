/** A path of one tenant lies inside a path of another. */
import { defineCheck } from '../../core/check.ts';
import { crossing, crossings } from '../join.ts';

export const check = defineCheck({
  id: 'path.nested',
  title: 'A path of one tenant lies inside a path of another',
  why: 'What one gateway reads, writes, backs up or deletes then includes the other.',
  fix: 'Make the trees of tenants siblings, never one below the other.',
  severity: { team: 'warn', clients: 'critical', adversarial: 'critical' },
  needs: ['paths'],
  phases: ['desired', 'observed'],
  item: 'paths',
  *judge(facts) {
    for (const found of crossings(facts, (path) => path.real)) {
      const { inner, outer } = found;
      const sameRole = inner.path.real === outer.path.real && inner.path.role === outer.path.role;
      if (!sameRole) yield crossing(found, 'lies inside');
    }
  },
});
