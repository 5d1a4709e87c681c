/** A-T9: the attacker's real agent is made to schedule something for the victim, and to show what the victim has scheduled. */
import type { AttemptOutcome } from '../../core/probe.ts';
import type { Attempted } from '../actions.ts';
import { jobOf } from '../attempts/jobs.ts';
import { defineProbe, type Side, type Step } from '../define.ts';
import { eitherWay, judgeEitherWay, turnOf, withoutScript } from '../turn.ts';

export const probe = defineProbe({
  id: 'agent.automations',
  attack: 'A-T9',
  title: 'A steered agent schedules a turn of another tenant’s agent',
  does: 'The scripted model tells the attacker’s agent to schedule a turn of an agent that is called like the victim, with its automations tool.',
  safe: 'What it schedules is switched off, would be due on the next 29 February, and is removed at the end of the run.',
  decoy: 'The same tool must schedule a turn of the attacker’s own agent; where the tool does not exist, both turns must say so.',
  fix: 'Give every tenant its own Gateway: agents of one Gateway share its scheduler, its token and its state.',
  expected: [],
  severity: { team: 'high', clients: 'critical', adversarial: 'critical' },
  item: 'state-directory',
  vantage: 'inside',
  notApplicable: withoutScript,
  attempts: (attacker, victim) => [schedule(attacker, victim.tenant)],
  positive: (self) => [schedule(self)],
  positiveBy: 'attacker',
  negative: (self) => [schedule(self)],
  judge,
});

function schedule(attacker: Side, agentId?: string): Step {
  const job = { ...jobOf(attacker.nonce), ...(agentId === undefined ? {} : { agentId }) };
  return { label: `agent schedules a turn of ${agentId ?? 'itself'}`, action: turnOf(attacker, eitherWay('automations', { action: 'add', job })) };
}

function judge(step: Step, attempted: Attempted): AttemptOutcome {
  if (attempted.ok && /"name": "bulkhead-probe-/.test(attempted.got.replaceAll('\\"', '"')))
    return { outcome: 'breached', detail: `${step.label}: it was scheduled` };
  return judgeEitherWay(step, attempted, (answer) =>
    /agentId outside caller scope|Unknown agent id/.test(answer) ? 'its gateway schedules for no agent of that name' : undefined,
  );
}
