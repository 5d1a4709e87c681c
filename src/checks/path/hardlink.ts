/** One file has a name in the trees of two tenants. */
import { defineCheck } from '../../core/check.ts';
import { sharedBy, sharing } from '../join.ts';

export const check = defineCheck({
  id: 'path.hardlink',
  title: 'One file has a name in the trees of two tenants',
  why: 'A hard link is the same file: a change by one tenant is a change for both.',
  fix: 'Break the link: cp --remove-destination the file onto itself from a copy.',
  how: 'Regular files with more than one name below the roots of the tenants, by device and inode. A tree that cannot be walked to its end is unknown.',
  source: 'inode(7), link(2)',
  severity: { team: 'high', clients: 'critical', adversarial: 'critical' },
  needs: ['hardLinks'],
  phases: ['observed'],
  item: 'paths',
  *judge(facts) {
    const links = sharedBy(facts.tenants, ({ host, hardLinks }) =>
      hardLinks.known ? hardLinks.value.map(({ identity, path }) => ({ key: `${host} ${identity}`, where: path })) : [],
    );
    for (const group of links) yield sharing(group, 'a file by hard links');
  },
});
