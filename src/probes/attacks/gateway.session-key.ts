/** A-G8: the victim's session key on the attacker's own gateway. */
import type { AttemptOutcome } from '../../core/probe.ts';
import type { Attempted } from '../actions.ts';
import { spoken } from '../attempts/session.ts';
import { defineProbe, type Side, type Step } from '../define.ts';
import { withoutToken } from './gateway.token-replay-http.ts';

export const probe = defineProbe({
  id: 'gateway.session-key',
  attack: 'A-G8',
  title: "Another tenant's session key opens its session",
  does: 'Asks the attacker’s own gateway, with its own token, for the history of a session that the victim began in its own gateway.',
  safe: 'The session holds a canary and no model was asked for it; it is deleted at the end of the run.',
  decoy: 'The same request for the session that the attacker began in its own gateway must show it.',
  fix: 'Give every tenant its own Gateway with its own state directory: a session key routes, it does not protect.',
  expected: [],
  severity: { team: 'high', clients: 'critical', adversarial: 'critical' },
  item: 'state-directory',
  vantage: 'inside',
  notApplicable: withoutToken,
  attempts: (attacker, victim) => [history(attacker, victim)],
  positive: (self) => [history(self, self)],
  positiveBy: 'attacker',
  negative: (self) => [history(self, self)],
  judge,
});

function history(attacker: Side, { tenant, session = 'bulkhead-canary-missing', nonce }: Side): Step {
  const path = `/sessions/${encodeURIComponent(session)}/history`;
  const page = { kind: 'page', host: '127.0.0.1', port: attacker.gatewayPort, path, own: true } as const;
  const action = tenant === attacker.tenant ? ({ ...page, present: true } as const) : page;
  return { label: `ask its own gateway for the session of ${tenant}`, action, nonce: spoken(nonce) };
}

function judge(step: Step, attempted: Attempted): AttemptOutcome {
  if (attempted.ok && step.nonce !== undefined && attempted.got.includes(step.nonce))
    return { outcome: 'breached', detail: `${step.label}: obtained the canary` };
  const said = attempted.ok ? attempted.got : attempted.code;
  if (/^HTTP 404 .*Session not found/.test(said)) return { outcome: 'contained', refusal: `${step.label}: HTTP 404, session not found` };
  return { outcome: 'inconclusive', detail: `${step.label}: it answered ${said.slice(0, 160)}` };
}
