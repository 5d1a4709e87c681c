/** A-T2: the attacker's real agent is made to write beside the victim's canary. */
import type { AttemptOutcome } from '../../core/probe.ts';
import type { Attempted } from '../actions.ts';
import { BY_TRUST, defineProbe, type Apart, type Side, type Step } from '../define.ts';
import { judgeTurn, turnOf, withoutScript } from '../turn.ts';

export const probe = defineProbe({
  id: 'agent.write',
  attack: 'A-T2',
  title: "A steered agent writes into another tenant's workspace",
  does: 'The scripted model tells the attacker’s agent to write a new file into the victim’s workspace with its write tool.',
  safe: 'The file has a random name of its own and is removed at once; nothing that exists is written.',
  decoy: 'The same turn in the attacker’s own workspace must write; where the tool does not exist, both turns must say so.',
  fix: 'Give every tenant its own OS user and file system (isolation os-user); the policy presets also keep `write` within the workspace.',
  expected: [],
  severity: BY_TRUST,
  item: 'workspace',
  vantage: 'inside',
  wall: 'files.write',
  notApplicable: withoutScript,
  attempts: (attacker, victim) => [write(attacker, victim)],
  positive: (self) => [write(self, self)],
  positiveBy: 'attacker',
  negative: (self) => [write(self, self)],
  judge: judgeWrite,
});

function write(attacker: Side, victim: Side): Step {
  const path = `${victim.workspace}/.bulkhead-probe-${attacker.nonce.slice(-16)}`;
  return { label: `agent writes ${path}`, action: { ...turnOf(attacker, [['write', { path, content: 'bulkhead probe' }]]), undo: path } };
}

function judgeWrite(step: Step, attempted: Attempted, apart: Apart): AttemptOutcome {
  if (!attempted.ok || !/^GOT Successfully wrote/m.test(attempted.got)) return judgeTurn(step, attempted, apart);
  // The path may mean something else there; what the victim finds of it is told by victim.affected.
  if (apart.mnt) return { outcome: 'inconclusive', detail: `${step.label}: it wrote there in a file system that is not the victim's` };
  return { outcome: 'breached', detail: `${step.label}: the agent wrote it` };
}
