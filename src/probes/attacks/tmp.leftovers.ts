/** A-F11: what programs of the victim left behind where everybody looks: memory dumps, crash reports, temporary files. */
import { BY_TRUST, defineProbe, type Side, type Step } from '../define.ts';
import { judgeHostThing } from '../judge.ts';

/** core(5), systemd-coredump(8), apport and abrt. */
const PLACES = ['/var/lib/systemd/coredump', '/var/crash', '/var/lib/apport/coredump', '/var/spool/abrt', '/var/tmp', '/tmp', '/dev/shm'];

export const probe = defineProbe({
  id: 'tmp.leftovers',
  attack: 'A-F11',
  title: 'One tenant finds memory dumps or temporary files of another that it can open',
  does: 'Looks through the directories of memory dumps, crash reports and temporary files for a file of the victim’s OS user that it can open.',
  safe: 'A file is opened and closed at once, nothing is read; no link is followed.',
  decoy: 'The attacker finds its own canaries there with the same code.',
  fix: 'Give every tenant its own /tmp (isolation os-user); remove what lies there, and set kernel.core_pattern to a place that only root reads.',
  expected: ['ABSENT', 'EACCES', 'EPERM', 'ENOENT'],
  severity: BY_TRUST,
  item: 'state-directory',
  vantage: 'inside',
  notApplicable: (attacker, victim) =>
    attacker.uid === undefined || victim.uid === undefined || (attacker !== victim && attacker.uid === victim.uid)
      ? 'they have no OS users of their own by which files could be told apart; tmp.read tells what that means'
      : undefined,
  attempts: (_attacker, victim) => look(victim),
  positive: look,
  negative: look,
  // Which of the places a host has differs; that one is missing is no refusal of another.
  judge: judgeHostThing,
});

function look({ uid = -1, tenant }: Side): Step[] {
  return [{ label: `look for files of ${tenant}`, action: { kind: 'leftovers', paths: PLACES, uid } }];
}
