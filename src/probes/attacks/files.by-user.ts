/** A-F1 without the namespaces: would the OS user alone keep the tenants apart? */
import { BY_TRUST, defineProbe } from '../define.ts';
import { readCanaries, readDecoy } from './files.read-state.ts';
import { list, listAll } from './files.list.ts';

export const probe = defineProbe({
  id: 'files.by-user',
  attack: 'A-F1',
  title: "The OS user of one tenant reads another's files",
  does: 'Reads the victim’s canaries and lists its directories as the attacker’s OS user outside its namespaces, so that owner and mode must hold alone.',
  safe: 'Reads only canaries; other regular files are opened and closed at once, nothing is read.',
  decoy: 'The attacker plants a file of mode 0644 in a directory of mode 0755 of its own and reads it with the same code.',
  fix: 'Take group and other permissions from the victim’s tree: `bulkhead apply` sets its modes again.',
  // The same file system is seen from here, so `not found` would prove nothing.
  expected: ['EACCES', 'EPERM'],
  severity: BY_TRUST,
  item: 'state-directory',
  vantage: 'user',
  notApplicable: (attacker, victim) =>
    attacker.rung === 'profile' || victim.rung === 'profile'
      ? 'a profile has no OS user of its own; files.read-state tells what that means'
      : undefined,
  attempts: (_attacker, victim) => [...readCanaries(victim), ...listAll(victim), list(victim.secretsDir)],
  positive: readCanaries,
  negative: readDecoy,
});
