/** A-G9: the victim's name as an agent of the attacker's own gateway. */
import type { AttemptOutcome } from '../../core/probe.ts';
import type { Attempted } from '../actions.ts';
import { defineProbe, type Side, type Step } from '../define.ts';
import { toolOf } from '../tool.ts';
import { withoutToken } from './gateway.token-replay-http.ts';

export const probe = defineProbe({
  id: 'gateway.agent-name',
  attack: 'A-G9',
  title: "One tenant's gateway has another tenant as an agent",
  does: 'Asks the attacker’s own gateway, with its own token, for the session status of an agent that is called like the victim.',
  safe: 'One request that changes nothing; no model is asked.',
  decoy: 'The same request for the gateway’s own default agent must be answered.',
  fix: 'Give every tenant its own Gateway: agents of one Gateway share its token, its state and its owner.',
  expected: [],
  severity: { team: 'warn', clients: 'critical', adversarial: 'critical' },
  item: 'state-directory',
  vantage: 'inside',
  notApplicable: withoutToken,
  attempts: (attacker, victim) => [status(attacker, victim.tenant)],
  positive: (self) => [status(self)],
  positiveBy: 'attacker',
  negative: (self) => [status(self)],
  judge,
});

/** Of its own agents the one whose session it keeps: a gateway with several knows no other. */
function status(attacker: Side, agentId?: string): Step {
  if (agentId === undefined) return { label: 'ask its own gateway for the agent that it has', action: toolOf(attacker, 'session_status', {}) };
  const action = { kind: 'tool', port: attacker.gatewayPort, tool: 'session_status', args: {}, agentId } as const;
  return { label: `ask its own gateway for the agent ${agentId}`, action };
}

function judge(step: Step, attempted: Attempted): AttemptOutcome {
  const said = attempted.ok ? attempted.got : attempted.code;
  if (said.startsWith('HTTP 200 ')) return { outcome: 'breached', detail: `${step.label}: it answered` };
  if (/^HTTP 400 .*Unknown agent/.test(said)) return { outcome: 'contained', refusal: `${step.label}: HTTP 400, unknown agent` };
  return { outcome: 'inconclusive', detail: `${step.label}: it answered ${said.slice(0, 160)}` };
}
