/** A-S2: the name in /tmp under which OpenClaw keeps files of a user. */
import { defineProbe, seeName, type Side, type Step } from '../define.ts';

export const probe = defineProbe({
  id: 'tmp.name-squat',
  attack: 'A-S2',
  title: "One tenant takes the name of another's temporary directory",
  does: 'The attacker makes /tmp/openclaw-<uid> for a uid that no tenant has; the victim looks whether it sees the name.',
  safe: 'The uid is random and belongs to nobody; the empty directory is removed at the end. No real name is touched.',
  decoy: 'The victim makes such a directory in its own /tmp and must see it with the same code.',
  fix: 'Give every tenant its own /tmp: isolation os-user.',
  expected: ['ENOENT'],
  severity: { team: 'info', clients: 'high', adversarial: 'high' },
  item: 'state-directory',
  vantage: 'inside',
  by: 'victim',
  attempts: (attacker) => see(attacker),
  positive: see,
  positiveBy: 'attacker',
  negative: see,
});

function see({ squattedHome }: Side): Step[] {
  return seeName(squattedHome, '/tmp/openclaw-not-made');
}
