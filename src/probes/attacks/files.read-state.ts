/** A-F1, inside: reads what the victim planted beside its state, workspace, credentials and log. */
import { BY_TRUST, FILE_REFUSALS, canaryOf, defineProbe, type Side } from '../define.ts';

export const probe = defineProbe({
  id: 'files.read-state',
  attack: 'A-F1',
  title: "One tenant reads another's state, workspace, credentials or log",
  does: 'Opens and reads the canary files that the victim planted in each of these directories, from where the attacker’s gateway runs.',
  safe: 'Reads only canaries, which are random text made for this run; no real file of the victim is opened.',
  decoy:
    'The attacker plants a file of mode 0644 in a directory of mode 0755 of its own and reads it with the same code: it must be called breached.',
  fix: 'Give every tenant its own OS user and a file system that holds no other tenant’s tree: isolation os-user.',
  expected: [...FILE_REFUSALS],
  severity: BY_TRUST,
  item: 'state-directory',
  vantage: 'inside',
  attempts: (_attacker, victim) => readCanaries(victim),
  positive: readCanaries,
  negative: readDecoy,
});

/** State and workspace always; credentials and log where the victim has them. A canary that is missing is asked for and not found. */
export function readCanaries(victim: Side): { label: string; action: { kind: 'read'; path: string }; nonce: string }[] {
  const surfaces = { state: canaryOf(victim, 'state'), workspace: canaryOf(victim, 'workspace'), ...victim.canaries };
  return Object.entries(surfaces).map(([surface, path]) => ({
    label: `read ${path} (${surface})`,
    action: { kind: 'read', path },
    nonce: victim.nonce,
  }));
}

export function readDecoy({ decoy }: Side): { label: string; action: { kind: 'read'; path: string }; nonce: string }[] {
  return [{ label: 'read the decoy', action: { kind: 'read', path: `${decoy.directory}/canary` }, nonce: decoy.nonce }];
}
