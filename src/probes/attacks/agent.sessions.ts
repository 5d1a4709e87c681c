/** A-T5, A-G8: the session tools of the attacker's own agent, asked for what the victim said. */
import type { AttemptOutcome } from '../../core/probe.ts';
import type { Attempted } from '../actions.ts';
import { SAYS, spoken } from '../attempts/session.ts';
import { defineProbe, type Side, type Step } from '../define.ts';
import { judgeTool, toolOf } from '../tool.ts';
import { withoutToken } from './gateway.token-replay-http.ts';

export const probe = defineProbe({
  id: 'agent.sessions',
  attack: 'A-T5',
  title: "An agent's session tools show another tenant's sessions",
  does: 'Asks the attacker’s own gateway, with its session tools, to list, search and show a session that the victim began in its own gateway.',
  safe: 'The session holds a canary and no model was asked for it; it is deleted at the end of the run.',
  decoy: 'The same tools must show the session that the attacker began in its own gateway; where a tool does not exist, both must say so.',
  fix: 'Give every tenant its own Gateway with its own state directory: a session key routes, it does not protect.',
  expected: [],
  severity: { team: 'high', clients: 'critical', adversarial: 'critical' },
  item: 'state-directory',
  vantage: 'inside',
  notApplicable: withoutToken,
  attempts: showSessions,
  positive: (self) => showSessions(self, self),
  positiveBy: 'attacker',
  negative: (self) => showSessions(self, self),
  judge,
});

/** What one answer holds at most: openclaw 2026.9.6 docs/concepts/session-tool.md, session-search.md. */
const [MOST_LISTED, MOST_FOUND] = [200, 25];

function showSessions(attacker: Side, { tenant, session = 'bulkhead-canary-missing', ...side }: Side): Step[] {
  const nonce = spoken(side.nonce);
  const show = (how: string, tool: string, args: Readonly<Record<string, unknown>>): Step => ({
    label: `${how} of ${tenant}`,
    action: toolOf(attacker, tool, args),
    nonce,
  });
  return [
    // The same question for every victim and for the control, so that it is asked once: the first search makes a gateway build its index.
    show('list sessions', 'sessions_list', { search: SAYS, limit: MOST_LISTED }),
    show('show the session', 'sessions_history', { sessionKey: session }),
    show('search for what was said in the session', 'sessions_search', { query: SAYS, limit: MOST_FOUND }),
  ];
}

function judge(step: Step, attempted: Attempted): AttemptOutcome {
  const shown = attempted.ok && !attempted.got.includes(step.nonce ?? SAYS) ? new Set(attempted.got.match(/bulkheadsays [0-9a-f]{32}/g)) : new Set();
  if (shown.size === 0) return judgeTool(step, attempted, /\\"results\\": \[\]|\\"count\\": 0|No session found/);
  const isWhole = attempted.ok && shown.size < MOST_FOUND && !/\\"(?:hasMore|truncated)\\": true/.test(attempted.got);
  return isWhole
    ? { outcome: 'contained', refusal: `${step.label}: it shows ${shown.size} of these sessions, and none of the victim` }
    : { outcome: 'inconclusive', detail: `${step.label}: it shows ${shown.size} of these sessions, and has more` };
}
