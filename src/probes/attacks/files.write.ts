/** A-F3: creates a file among the victim's. */
import { BY_TRUST, FILE_REFUSALS, defineProbe, type Side, type Step } from '../define.ts';

export const probe = defineProbe({
  id: 'files.write',
  attack: 'A-F3',
  title: "One tenant writes among another's files",
  does: 'Creates a new, empty file in the victim’s tree, state, workspace and log directory.',
  safe: 'The file has a random name, is created only if nothing has that name, and is removed at once; nothing of the victim’s is opened.',
  decoy: 'The attacker creates a file in a directory of its own with the same code.',
  fix: 'Give every tenant its own OS user and a file system that holds no other tenant’s tree: isolation os-user.',
  expected: [...FILE_REFUSALS, 'EROFS'],
  severity: BY_TRUST,
  item: 'workspace',
  vantage: 'inside',
  attempts: (attacker, victim) => [victim.root, victim.state, victim.workspace, victim.logDir].map((directory) => create(directory, attacker)),
  positive: (self) => [create(self.state, self), create(self.workspace, self)],
  negative: (attacker) => [create(attacker.decoy.directory, attacker)],
});

function create(directory: string, by: Side): Step {
  return { label: `create a file in ${directory}`, action: { kind: 'create', path: `${directory}/.bulkhead-probe-${by.nonce.slice(-16)}` } };
}
