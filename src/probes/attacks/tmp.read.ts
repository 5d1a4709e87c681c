/** A-F10: what a program of the victim leaves in directories that everybody uses. */
import { BY_TRUST, FILE_REFUSALS, defineProbe, type Side, type Step } from '../define.ts';
import { readDecoy } from './files.read-state.ts';

export const probe = defineProbe({
  id: 'tmp.read',
  attack: 'A-F10',
  title: "One tenant reads another's temporary files",
  does: 'Reads the canaries of mode 0600 that the victim planted in /tmp, /var/tmp and /dev/shm.',
  safe: 'Reads only canaries, which are random text made for this run.',
  decoy: 'The attacker reads its own readable decoy with the same code.',
  fix: 'Give every tenant its own OS user, /tmp and /dev/shm: isolation os-user.',
  expected: [...FILE_REFUSALS],
  severity: BY_TRUST,
  item: 'state-directory',
  vantage: 'inside',
  attempts: (_attacker, victim) => readShared(victim),
  positive: readShared,
  negative: readDecoy,
});

/** Where nothing could be planted, a name that cannot exist is asked for, and its control fails. */
function readShared({ shared, nonce }: Side): Step[] {
  const paths = Object.values(shared);
  return (paths.length > 0 ? paths : ['/tmp/canary-missing']).map((path) => ({ label: `read ${path}`, action: { kind: 'read', path }, nonce }));
}
