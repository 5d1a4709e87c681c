/** A-F2: lists the victim's directories. */
import { BY_TRUST, FILE_REFUSALS, defineProbe, type Side, type Step } from '../define.ts';

export const probe = defineProbe({
  id: 'files.list',
  attack: 'A-F2',
  title: "One tenant lists another's directories",
  does: 'Opens the victim’s tree, state, workspace, credentials and log directories for reading, and counts names.',
  safe: 'Counts at most 256 names; regular files are opened and closed at once, nothing is read.',
  decoy: 'The attacker lists a directory of mode 0755 that it made itself, with the same code.',
  fix: 'Give every tenant its own OS user and a file system that holds no other tenant’s tree: isolation os-user.',
  expected: [...FILE_REFUSALS],
  severity: BY_TRUST,
  item: 'state-directory',
  vantage: 'inside',
  attempts: (_attacker, victim) => listAll(victim),
  positive: ({ state, workspace }) => [list(state), list(workspace)],
  negative: ({ decoy }) => [list(decoy.directory)],
});

export function listAll(victim: Side): Step[] {
  return [...new Set([victim.root, victim.state, victim.workspace, victim.credentials, victim.logDir, victim.configDir])].map(list);
}

export function list(path: string): Step {
  return { label: `list ${path}`, action: { kind: 'list', path } };
}
