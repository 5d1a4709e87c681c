/** A symbolic link of one tenant leads into a path of another. */
import { defineCheck } from '../../core/check.ts';
import { crossing, crossings, isWithin } from '../join.ts';

export const check = defineCheck({
  id: 'path.symlink-alias',
  title: 'A symbolic link of one tenant leads into a path of another',
  why: 'The declared paths look separate and are not.',
  fix: 'Remove the link, and make a directory of its own in its place.',
  severity: { team: 'high', clients: 'critical', adversarial: 'critical' },
  needs: ['paths'],
  phases: ['desired', 'observed'],
  item: 'paths',
  *judge(facts) {
    for (const found of crossings(facts, (path) => path.real)) {
      const { inner, outer } = found;
      if (inner.path.real !== inner.path.declared && !isWithin(inner.path.declared, outer.path.declared))
        yield crossing(found, 'leads by a symbolic link into');
    }
  },
});
