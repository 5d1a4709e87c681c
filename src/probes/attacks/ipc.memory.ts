/** A-P6: memory that the victim's programs share by System V's calls, in which file systems have no part. */
import { BY_TRUST, defineProbe, type Side, type Step } from '../define.ts';

export const probe = defineProbe({
  id: 'ipc.memory',
  attack: 'A-P6',
  title: "One tenant reads another's shared memory",
  does: 'Reads a segment of System V shared memory, mode 0600, that the victim made under a key of its own.',
  safe: 'The segment is made for this run, holds random text, and is removed at the end.',
  decoy: 'The attacker reads its own segment with the same code.',
  fix: 'Give every tenant its own OS user and IPC namespace: isolation os-user.',
  expected: ['ENOENT', 'EACCES', 'EPERM'],
  severity: BY_TRUST,
  item: 'state-directory',
  vantage: 'inside',
  attempts: (_attacker, victim) => read(victim),
  positive: read,
  negative: read,
});

function read({ memoryKey, nonce }: Side): Step[] {
  return [{ label: `read shared memory ${memoryKey}`, action: { kind: 'memory', key: memoryKey }, nonce }];
}
