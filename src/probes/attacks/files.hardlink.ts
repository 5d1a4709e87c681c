/** A-F6: a second name for the victim's file among the attacker's. */
import { BY_TRUST, FILE_REFUSALS, canaryOf, defineProbe, type Side, type Step } from '../define.ts';

export const probe = defineProbe({
  id: 'files.hardlink',
  attack: 'A-F6',
  title: "One tenant keeps another's file by a hard link",
  does: 'Tries to give the victim’s canaries a second name in the attacker’s state directory, which would stay readable after the victim’s own is closed.',
  safe: 'Only canaries get the second name, which is taken away at once; no real file is linked.',
  decoy: 'The attacker links its own readable decoy with the same code.',
  fix: 'Give every tenant its own OS user and file system (isolation os-user), and keep fs.protected_hardlinks at 1.',
  // Another file system: no name there can mean this file.
  expected: [...FILE_REFUSALS, 'EXDEV'],
  severity: BY_TRUST,
  item: 'state-directory',
  vantage: 'inside',
  attempts: (attacker, victim) =>
    [canaryOf(victim, 'state'), canaryOf(victim, 'workspace')].map((path, index) =>
      link(path, attacker.state, attacker, `${index}${victim.nonce.slice(-8)}`),
    ),
  positive: (self) => [link(canaryOf(self, 'state'), self.state, self, '2')],
  negative: (self) => [link(`${self.decoy.directory}/canary`, self.decoy.directory, self, '3')],
});

function link(path: string, directory: string, by: Side, ending: string): Step {
  return { label: `link ${path}`, action: { kind: 'link', path, to: `${directory}/.bulkhead-probe-${by.nonce.slice(-16)}${ending}` } };
}
