/** A-R3: whether a limit on disk space stands between the attacker and what all need. */
import type { Action } from '../actions.ts';
import { defineProbe, type Side } from '../define.ts';
import { BY_PATIENCE } from '../exhaustion.ts';

export const probe = defineProbe({
  id: 'exhaust.disk',
  attack: 'A-R3',
  title: 'One tenant can use up the disk of the host',
  does: 'Where the attacker’s gateway runs, asks the kernel how large the file system of its tree is, compares that with limits.disk of its manifest, and looks for another file system on a disk that it may write to.',
  safe: 'Reads sizes and permissions; nothing is written but one empty file, which is removed.',
  decoy: 'The attacker looks with the same code at its own tree as if one byte were declared for it.',
  fix: 'Run `bulkhead stop` for it and then `bulkhead apply`: its disk is mounted before its gateway starts.',
  expected: ['LIMITED'],
  severity: BY_PATIENCE,
  item: 'limits',
  vantage: 'inside',
  notApplicable: (attacker) =>
    attacker.diskBytes === undefined ? `${attacker.tenant} has no limits.disk: it may fill what its tree lies on, see docs/limits.md` : undefined,
  attempts: (attacker) => [{ label: 'look how much it may write', action: ask(attacker, attacker.diskBytes ?? 0) }],
  positive: (self) => [{ label: 'write to its own tree', action: { kind: 'create', path: `${self.root}/.bulkhead-disk-${self.nonce.slice(-16)}` } }],
  positiveBy: 'attacker',
  negative: (attacker) => [{ label: 'look as if one byte were declared', action: ask(attacker, 1) }],
});

function ask({ root, secretsDir }: Side, bytes: number): Action {
  return { kind: 'disk', tree: root, bytes, beside: secretsDir };
}
