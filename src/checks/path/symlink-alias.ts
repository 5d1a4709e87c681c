/** A symbolic link of one tenant leads into a path of another. */
import { defineCheck } from '../../core/check.ts';
import { isWithin } from '../../core/path-text.ts';
import { crossing, crossings, foreign, reaches, reaching } from '../join.ts';

export const check = defineCheck({
  id: 'path.symlink-alias',
  title: 'A symbolic link of one tenant leads into a path of another',
  why: 'The declared paths look separate and are not.',
  fix: 'Remove the link, and make a directory of its own in its place.',
  how: 'Declared paths whose real path is another tenant’s; and every symbolic link in the tenant’s tree that leads out of it, by where it leads. A tree that cannot be walked to its end is unknown.',
  source: 'path_resolution(7); openclaw 2026.9.6 reads through links in a workspace unless tools.fs.workspaceOnly is on (measured)',
  severity: { team: 'high', clients: 'critical', adversarial: 'critical' },
  needs: ['paths', 'links'],
  phases: ['observed'],
  item: 'paths',
  *judge(facts) {
    for (const found of crossings(facts, (path) => path.folded ?? path.real)) {
      const { inner, outer } = found;
      if (inner.path.real !== inner.path.declared && !isWithin(inner.path.declared, outer.path.declared))
        yield crossing(found, 'leads by a symbolic link into');
    }
    const leadingOut = foreign(facts, ({ links }) =>
      links.known ? links.value.map(({ path, real }) => ({ path: real, where: `${path} leads to ${real}` })) : [],
    );
    yield* reaching(reaches(facts, leadingOut), 'has links into the tree of');
  },
});
