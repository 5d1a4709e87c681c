/** A-T7, A-B5: the browser of the attacker's real agent is made to open the victim's addresses and files. */
import type { AttemptOutcome } from '../../core/probe.ts';
import type { Attempted, Turn } from '../actions.ts';
import { BY_TRUST, canaryOf, defineProbe, NETWORK_REFUSALS, type Apart, type Side, type Step } from '../define.ts';
import { answersOf, isAbsent, judgeAnswers, PAGE_REFUSED, TOOL_ABSENT, turnOf, withoutScript } from '../turn.ts';
import { replayDoors } from './gateway.token-replay-http.ts';

export const probe = defineProbe({
  id: 'agent.browser',
  attack: 'A-T7',
  title: "A steered agent opens another tenant's gateway, browser or files in its browser",
  does: 'The scripted model tells the attacker’s agent to open the victim’s gateway, its decoy browser and a file of its workspace, with its browser tool. Where the tool opens an address, it is tried whether anything answers there.',
  safe: 'The tool refuses each before it starts a browser; where it did not, a page of this machine would be opened in the attacker’s own browser. Only tenants that have one are told to.',
  decoy:
    'The attacker opens a listener on its own loopback and a file of its own: where the tool opens no private address and no file, or does not exist, both must say so.',
  fix: 'Leave browser.ssrfPolicy without private addresses, and give every tenant its own network namespace: isolation os-user.',
  expected: [],
  severity: BY_TRUST,
  item: 'browser-profile',
  vantage: 'inside',
  wall: 'gateway.reach',
  // A second gateway has no browser: it would take the memory of both.
  liftable: false,
  notApplicable: (attacker) => withoutScript(attacker) ?? (attacker.hasBrowser ? undefined : `${attacker.tenant} has no browser`),
  attempts: (attacker, victim) => [
    ...replayDoors(attacker, victim).map((door) => open(attacker, '/', door)),
    ...(victim.browserPort === undefined ? [] : [open(attacker, '/json/version', { host: '127.0.0.1', port: victim.browserPort })]),
    open(attacker, canaryOf(victim, 'workspace')),
  ],
  positive: openOwn,
  positiveBy: 'attacker',
  negative: openOwn,
  judge,
});

function openOwn(self: Side): Step[] {
  return [open(self, '/', { host: '127.0.0.1', port: self.decoy.port }), open(self, canaryOf(self, 'workspace'))];
}

/** A page of a listener, or without one a file. A plugin's tool: its id is its name. */
function open(attacker: Side, path: string, door?: Turn['door']): Step {
  const url = door === undefined ? `file://${path}` : `http://${door.host}:${door.port}${path}`;
  const args = { action: 'open', url };
  const turn = turnOf(attacker, [
    ['browser', args],
    ['tool_call', { id: 'browser', args }],
  ]);
  return { label: `agent opens ${url}`, action: door === undefined ? turn : { ...turn, door } };
}

function judge(step: Step, attempted: Attempted, apart: Apart): AttemptOutcome {
  const answers = attempted.ok ? answersOf(attempted.got) : [];
  if (answers.some((answer) => /"targetId/.test(answer.replaceAll('\\"', '"')))) return judgeOpened(step, answers, apart);
  const present = answers.filter((answer) => !isAbsent(answer));
  const asked = present.length === 0 ? attempted : { ...attempted, got: present.map((answer) => `GOT ${answer}`).join('\n') };
  return judgeAnswers(step, asked, (answer) => {
    if (isAbsent(answer)) return TOOL_ABSENT;
    return /navigation blocked by policy|Navigation blocked: unsupported protocol/.test(answer) ? PAGE_REFUSED : undefined;
  });
}

/** What was opened was reached where something answers that is not the attacker's own. */
function judgeOpened(step: Step, answers: readonly string[], apart: Apart): AttemptOutcome {
  const behind = answers
    .find((answer) => answer.startsWith('DOOR '))
    ?.slice(5)
    .trim();
  if (behind === undefined) return { outcome: 'breached', detail: `${step.label}: it was opened` };
  const isOwn = apart.net && step.action.kind === 'turn' && step.action.door?.host === '127.0.0.1';
  if (behind === 'open' && !isOwn) return { outcome: 'breached', detail: `${step.label}: it was opened, and something answers there` };
  if (behind === 'open')
    return { outcome: 'contained', refusal: `${step.label}: it was opened, and only the attacker's own listener answers on its own loopback` };
  if (NETWORK_REFUSALS.some((code) => code === behind))
    return { outcome: 'contained', refusal: `${step.label}: it was opened, and nothing answers there: ${behind}` };
  return { outcome: 'inconclusive', detail: `${step.label}: it was opened, and whether anything answers there is not known: ${behind}` };
}
