/** A-T8: the attacker's real agent is made to fetch the victim's addresses with its web tool. */
import type { AttemptOutcome } from '../../core/probe.ts';
import type { Attempted } from '../actions.ts';
import { BY_TRUST, NETWORK_REFUSALS, defineProbe, type Apart, type Side, type Step } from '../define.ts';
import { eitherWay, judgeEitherWay, refusalOf, turnOf, withoutScript } from '../turn.ts';

/** 127.0.0.1, as one number and as an IPv6 address. */
const LOOPBACKS = ['127.0.0.1', '2130706433', '[::ffff:127.0.0.1]'] as const;

export const probe = defineProbe({
  id: 'agent.web-fetch',
  attack: 'A-T8',
  title: "A steered agent fetches another tenant's gateway or browser",
  does: 'The scripted model tells the attacker’s agent to fetch the victim’s decoy browser on loopback, under three spellings, and its gateway on its link, with its web tool.',
  safe: 'Asks for / without any token; no address outside the machine is asked.',
  decoy:
    'The same fetch of a listener that the attacker opened on its own loopback must get its text; where the tool takes no private address, or does not exist, both must say so.',
  fix: 'Give every tenant its own network namespace (isolation os-user), and leave tools.web.fetch without private addresses.',
  expected: [],
  severity: BY_TRUST,
  item: 'port',
  vantage: 'inside',
  wall: 'gateway.reach',
  notApplicable: withoutScript,
  attempts: (attacker, victim) => [
    fetch(
      attacker,
      victim.tenant,
      [
        ...LOOPBACKS.map((host) => `http://${host}:${victim.browserPort ?? victim.publishedPort}/`),
        ...(victim.address === undefined ? [] : [`http://${victim.address}:${victim.gatewayPort}/`]),
      ],
      victim.nonce,
    ),
  ],
  positive: (self) => [fetchDecoy(self)],
  positiveBy: 'attacker',
  negative: (self) => [fetchDecoy(self)],
  judge,
});

function fetchDecoy(self: Side): Step {
  return fetch(self, 'its decoy', [`http://127.0.0.1:${self.decoy.port}/`], self.decoy.nonce);
}

/** Small sets of tools are offered to the model as they are, larger ones through `tool_call`: both ways are tried. */
function fetch(attacker: Side, whom: string, urls: readonly string[], nonce: string): Step {
  const calls = urls.flatMap((url) => eitherWay('web_fetch', { url }));
  return { label: `agent fetches from ${whom}`, action: turnOf(attacker, calls), nonce };
}

function judge(step: Step, attempted: Attempted, apart: Apart): AttemptOutcome {
  return judgeEitherWay(step, attempted, (answer) => refusalOf(answer, apart) ?? NETWORK_REFUSALS.find((code) => answer.includes(code)));
}
