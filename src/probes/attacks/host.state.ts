/** A-F9: what Bulkhead itself keeps of every tenant. */
import { BY_TRUST, FILE_REFUSALS, defineProbe, type Side, type Step } from '../define.ts';
import { judgeHostThing } from '../judge.ts';
import { open } from './log.read.ts';

export const probe = defineProbe({
  id: 'host.state',
  attack: 'A-F9',
  title: 'One tenant reads what Bulkhead keeps of another',
  does: 'Opens Bulkhead’s database with its evidence, the definitions of the supervisor, and the victim’s secret files.',
  safe: 'Files are opened and closed at once, nothing is read.',
  decoy: 'The attacker finds the readable decoy that it made itself, with the same code.',
  fix: 'Give Bulkhead’s files back to root, 0600: `bulkhead apply` sets its modes again. Tenants of a user that is not root are that user.',
  expected: [...FILE_REFUSALS, 'EMPTY'],
  severity: BY_TRUST,
  item: 'host-admins',
  vantage: 'inside',
  attempts: (_attacker, { host, secretsDir }) => [
    open('the database', [`${host.stateDir}/bulkhead.db`, `${host.stateDir}/bulkhead.db-wal`]),
    open('the supervisor’s files', [`${host.stateDir}/supervisor/services`, `${host.runDir}/services`]),
    open('the secrets', [secretsDir]),
  ],
  positive: openDecoy,
  positiveBy: 'attacker',
  negative: openDecoy,
  judge: judgeHostThing,
});

export function openDecoy({ decoy }: Side): Step[] {
  return [open('the decoy', [decoy.directory])];
}
