/** A-F5: the victim's file under a name among the attacker's. */
import { BY_TRUST, FILE_REFUSALS, canaryOf, defineProbe, type Side, type Step } from '../define.ts';

export const probe = defineProbe({
  id: 'files.symlink',
  attack: 'A-F5',
  title: "One tenant reads another's files through a link of its own",
  does: 'Makes symbolic links to the victim’s canaries in the attacker’s workspace and state directory, and reads through them.',
  safe: 'Reads only canaries; each link is taken away at once.',
  decoy: 'The attacker reads its own readable decoy through a link, with the same code.',
  fix: 'Give every tenant its own OS user and a file system that holds no other tenant’s tree: isolation os-user.',
  expected: [...FILE_REFUSALS],
  severity: BY_TRUST,
  item: 'workspace',
  vantage: 'inside',
  attempts: (attacker, victim) => [
    through(canaryOf(victim, 'state'), attacker.workspace, victim.nonce, `4${victim.nonce.slice(-8)}`, attacker),
    through(canaryOf(victim, 'workspace'), attacker.state, victim.nonce, `5${victim.nonce.slice(-8)}`, attacker),
  ],
  positive: (self) => [through(canaryOf(self, 'state'), self.workspace, self.nonce, '6', self)],
  negative: (self) => [through(`${self.decoy.directory}/canary`, self.workspace, self.decoy.nonce, '7', self)],
});

function through(path: string, directory: string, nonce: string, ending: string, by: Side): Step {
  return {
    label: `read ${path} through a link`,
    action: { kind: 'symlink', path, to: `${directory}/.bulkhead-probe-${by.nonce.slice(-16)}${ending}` },
    nonce,
  };
}
