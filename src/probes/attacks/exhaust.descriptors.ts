/** A-R4: whether a process of the attacker's may open files without end. */
import { defineProbe } from '../define.ts';
import { BY_PATIENCE } from '../exhaustion.ts';

/** Above it a limit on each process keeps nobody from anything. */
const MOST_FILES = 65_536;

export const probe = defineProbe({
  id: 'exhaust.descriptors',
  attack: 'A-R4',
  title: 'One tenant can use up the open files of the host',
  does: 'Reads how many files a process of the attacker’s gateway may open, asks the kernel for one more than that, and opens files in a child until it is refused.',
  safe: 'Opens /dev/null at most 65536 times, in a child whose descriptors end with it.',
  decoy: 'The attacker looks with the same code at the limits of a made-up process that has none.',
  fix: 'Run `bulkhead apply`: it starts gateways with a hard limit on open files.',
  expected: ['EPERM', 'EMFILE'],
  severity: BY_PATIENCE,
  item: 'limits',
  vantage: 'inside',
  attempts: (attacker) => [{ label: 'open files without end', action: { kind: 'descriptors', most: MOST_FILES, stateDir: attacker.state } }],
  positive: () => [{ label: 'open 16 files', action: { kind: 'descriptors', most: 16 } }],
  positiveBy: 'attacker',
  negative: ({ decoy }) => [
    { label: 'look at the limits of a process without any', action: { kind: 'descriptors', most: MOST_FILES, decoy: decoy.directory } },
  ],
});
