/** A-G11: pages of the victim's gateway that a browser opens, asked for without any token. */
import type { AttemptOutcome } from '../../core/probe.ts';
import type { Attempted } from '../actions.ts';
import { spoken } from '../attempts/session.ts';
import { NETWORK_REFUSALS, defineProbe, type Apart, type Probe, type Side, type Step } from '../define.ts';
import { judgeByReason } from '../judge.ts';
import { connectToOwn, type Door } from './gateway.reach.ts';
import { replayDoors } from './gateway.token-replay-http.ts';

/** Canvas documents, their renderer, media, models and what was said. Source: openclaw 2026.9.6 docs/gateway/config-extensions.md, openai-http-api.md. */
const PATHS = ['/__openclaw__/canvas/', '/__openclaw__/a2ui/', '/media/', '/v1/models'] as const;

export const probe = defineProbe({
  id: 'gateway.media',
  attack: 'A-G11',
  title: "Another's gateway shows canvas, media or sessions without a token",
  does: 'Asks the victim’s gateway for its canvas, media and model pages and for the history of the victim’s session, without any credential.',
  safe: 'Requests that change nothing; a missing token is neither counted nor delayed (openclaw 2026.9.6).',
  decoy: 'The attacker asks a listener of its own that answers everybody, with the same code.',
  fix: 'Set gateway.auth.mode to token, with a token of its own for every tenant: `bulkhead apply` makes one.',
  expected: [...NETWORK_REFUSALS, 'HTTP 401', 'HTTP 403'],
  severity: { team: 'high', clients: 'critical', adversarial: 'critical' },
  item: 'gateway-token',
  vantage: 'inside',
  attempts: (attacker, victim) => replayDoors(attacker, victim).flatMap((door) => pages(victim, door)),
  positive: connectToOwn,
  negative: ({ decoy }) => [page({ host: '127.0.0.1', port: decoy.port }, '/')],
  judge: judgePage,
});

function pages({ session, nonce }: Side, door: Door): Step[] {
  const history = session === undefined ? [] : [{ ...page(door, `/sessions/${encodeURIComponent(session)}/history`), nonce: spoken(nonce) }];
  return [...PATHS.map((path) => page(door, path)), ...history];
}

function page(door: Door, path: string): Step {
  return { label: `ask for ${path} on ${door.host} port ${door.port}`, action: { kind: 'page', ...door, path } };
}

/** Without a token: what is not there shows nothing to anybody, and whatever else is answered is shown. */
export function judgePage(step: Step, attempted: Attempted, apart: Apart, probe: Probe): AttemptOutcome {
  const status = attempted.ok ? /^HTTP (404|405)\b/.exec(attempted.got)?.[0] : undefined;
  if (status !== undefined) return { outcome: 'contained', refusal: `${step.label}: ${status}, nothing is shown there` };
  return judgeByReason(step, attempted, apart, probe);
}
