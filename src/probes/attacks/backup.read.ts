/** A-F9: the place of the victim's backups. */
import { BY_TRUST, FILE_REFUSALS, defineProbe } from '../define.ts';
import { judgeHostThing } from '../judge.ts';
import { openDecoy } from './host.state.ts';
import { open } from './log.read.ts';

export const probe = defineProbe({
  id: 'backup.read',
  attack: 'A-F9',
  title: "One tenant reads another's backups",
  does: 'As the attacker’s OS user outside its namespaces, looks through the place that the victim declares for its backups, and opens the first file that it can.',
  safe: 'A file is opened and closed at once, nothing is read.',
  decoy: 'The attacker finds the readable decoy that it made itself, with the same code.',
  fix: 'Take group and other permissions from the backups, and give each tenant a directory of its own that only root enters.',
  expected: [...FILE_REFUSALS, 'EMPTY'],
  severity: BY_TRUST,
  item: 'backups',
  vantage: 'user',
  // Its controls do not depend on a place of one's own.
  notApplicable: (attacker, victim) =>
    attacker === victim || victim.backup?.startsWith('/') === true ? undefined : `${victim.tenant} declares no directory for backups (backup.to)`,
  attempts: (_attacker, victim) => [open(`the backups in ${victim.backup}`, [victim.backup ?? ''])],
  positive: openDecoy,
  positiveBy: 'attacker',
  negative: openDecoy,
  judge: judgeHostThing,
});
