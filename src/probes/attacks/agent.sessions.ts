/** A-T5, A-G8: the session tools of the attacker's own agent, asked for what the victim said. */
import { spoken } from '../attempts/session.ts';
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
  judge: (step, attempted) => judgeTool(step, attempted, /\\"results\\": \[\]|\\"count\\": 0|No session found/),
});

function showSessions(attacker: Side, { tenant, session = 'bulkhead-canary-missing', ...side }: Side): Step[] {
  const nonce = spoken(side.nonce);
  const show = (how: string, tool: string, args: Readonly<Record<string, unknown>>): Step => ({
    label: `${how} of ${tenant}`,
    action: toolOf(attacker, tool, args),
    nonce,
  });
  return [
    show('list sessions', 'sessions_list', { search: nonce }),
    show('show the session', 'sessions_history', { sessionKey: session }),
    show('search for what was said in the session', 'sessions_search', { query: nonce }),
  ];
}
