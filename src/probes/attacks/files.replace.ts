/** A-F4: a directory above the victim's that the attacker could change. */
import { BY_TRUST, canaryOf, defineProbe, type Step } from '../define.ts';

export const probe = defineProbe({
  id: 'files.replace',
  attack: 'A-F4',
  title: "One tenant can put its own files in the place of another's",
  does: 'As the attacker’s OS user outside its namespaces, asks the kernel whether it may write any directory above the victim’s tree or secrets: who may rename there decides what the victim’s paths mean.',
  safe: 'Asks for the right to write (access(2)); nothing is made, renamed or removed.',
  decoy: 'The attacker asks the same of its own readable decoy, whose directory it may write.',
  fix: 'Take write permission on the directories above the tenants’ trees from everybody but root.',
  expected: ['EACCES', 'EPERM', 'EROFS'],
  severity: BY_TRUST,
  item: 'state-directory',
  vantage: 'user',
  attempts: (_attacker, victim) => [replace(victim.root), replace(victim.secretsDir)],
  positive: (self) => [replace(canaryOf(self, 'state'))],
  negative: ({ decoy }) => [replace(`${decoy.directory}/canary`)],
});

function replace(path: string): Step {
  return { label: `replace ${path}`, action: { kind: 'replace', path } };
}
