/** A-S1: a name in /tmp that would keep another gateway from starting. */
import { defineProbe, seeName, type Side, type Step } from '../define.ts';

export const probe = defineProbe({
  id: 'tmp.lock-squat',
  attack: 'A-S1',
  title: "One tenant takes a lock directory name in another's /tmp",
  does: 'The attacker makes /tmp/openclaw-state-locks-<uid> for a uid that no tenant has; the victim looks whether it sees the name.',
  safe: 'The uid is random and belongs to nobody; the empty directory is removed at the end. No real lock name is touched.',
  decoy: 'The victim makes such a directory in its own /tmp and must see it with the same code.',
  fix: 'Give every tenant its own /tmp: isolation os-user. A taken name stops the other gateway with exit 78 (openclaw 2026.9.6).',
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

function see({ squattedTmp }: Side): Step[] {
  return seeName(squattedTmp, '/tmp/openclaw-state-locks-not-made');
}
