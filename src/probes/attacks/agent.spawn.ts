/** A-T5: the attacker's real agent is made to start the victim as an agent of its own gateway. */
import type { AttemptOutcome } from '../../core/probe.ts';
import type { Attempted } from '../actions.ts';
import { defineProbe, type Side, type Step } from '../define.ts';
import { eitherWay, judgeEitherWay, turnOf, withoutScript } from '../turn.ts';

/** Called like no agent: the refusal names those that may be started. */
const NOBODY = 'bulkhead-nobody';

export const probe = defineProbe({
  id: 'agent.spawn',
  attack: 'A-T5',
  title: "A steered agent starts another tenant's agent",
  does: 'The scripted model tells the attacker’s agent to start a session of an agent that is called like the victim, with its spawn tool.',
  safe: 'Where it is refused, nothing is started; where it is not, an agent of the attacker’s own gateway says one sentence of the scripted model, and its session is deleted.',
  decoy:
    'Asked for an agent that does not exist, the same tool must name the attacker’s own agent as one that it would start; where the tool does not exist, both turns must say so.',
  fix: 'Give every tenant its own Gateway: agents of one Gateway share its token, its state and its owner.',
  expected: [],
  severity: { team: 'high', clients: 'critical', adversarial: 'critical' },
  item: 'state-directory',
  vantage: 'inside',
  notApplicable: withoutScript,
  attempts: (attacker, victim) => [spawn(attacker, victim.tenant)],
  positive: (self) => [spawn(self, NOBODY)],
  positiveBy: 'attacker',
  negative: (self) => [spawn(self, NOBODY)],
  judge,
});

function spawn(attacker: Side, agentId: string): Step {
  const args = { task: 'bulkhead probe', agentId, cleanup: 'delete', runTimeoutSeconds: 5 };
  return { label: `agent starts the agent ${agentId}`, action: turnOf(attacker, eitherWay('sessions_spawn', args)) };
}

function judge(step: Step, attempted: Attempted): AttemptOutcome {
  const said = attempted.ok ? attempted.got : '';
  if (/"status": "accepted"/.test(said)) return { outcome: 'breached', detail: `${step.label}: it was started` };
  const allowed = /agentId is not allowed for sessions_spawn \(allowed: (\w[^)]*)\)/.exec(said)?.[1];
  if (allowed !== undefined && step.label.includes(NOBODY)) return { outcome: 'breached', detail: `${step.label}: it would start ${allowed}` };
  return judgeEitherWay(step, attempted, (answer) =>
    answer.includes('agentId is not allowed for sessions_spawn') ? 'it is none of those that may be started' : undefined,
  );
}
