/** A-T4: the attacker's real agent is made to connect to the victim's gateway and browser by a command. */
import type { AttemptOutcome } from '../../core/probe.ts';
import type { Attempted } from '../actions.ts';
import { BY_TRUST, NETWORK_REFUSALS, defineProbe, type Apart, type Probe, type Side, type Step } from '../define.ts';
import { judgeByReason } from '../judge.ts';
import { isAbsent, judgeAnswers, nodeCommand, NO_NETWORK, TOOL_ABSENT, turnOf, withoutScript } from '../turn.ts';
import type { Door } from './gateway.reach.ts';
import { replayDoors } from './gateway.token-replay-http.ts';

/** One line for every door: the reason of its refusal, or the start of what answered. */
const PROGRAM = `const doors = JSON.parse(process.argv[1]);
Promise.all(doors.map((door) => new Promise((done) => {
  const call = require("http").get({ ...door, path: "/", agent: false, timeout: 8000 }, (answer) => {
    let text = "";
    answer.on("data", (part) => { text = (text + part).slice(0, 200); });
    answer.on("close", () => done("ANSWERED " + answer.statusCode + " " + text.replace(/\\s+/g, " ")));
  });
  call.on("timeout", () => { done("TIMEOUT"); call.destroy(); });
  call.on("error", (error) => done(error.code || "ERROR"));
}))).then((said) => {
  said.forEach((what, index) => console.log("DOOR " + doors[index].host + " " + doors[index].port + " " + what));
  console.log("DOORS " + said.length + (Object.keys(require("os").networkInterfaces()).every((name) => name === "lo") ? " ALONE" : ""));
});`;

export const probe = defineProbe({
  id: 'agent.exec-network',
  attack: 'A-T4',
  title: "A steered agent connects to another tenant's gateway or browser",
  does: 'The scripted model tells the attacker’s agent to run a program that asks the victim’s gateway and decoy browser who they are, on loopback and on its link.',
  safe: 'One request for / at each port, without any token.',
  decoy:
    'The same program must reach a listener that the attacker opened on its own loopback; where the tool does not exist, or commands have no network at all, both turns must say so.',
  fix: 'Give every tenant its own network namespace: isolation os-user; take exec away with the policy preset `support`.',
  expected: [...NETWORK_REFUSALS],
  severity: BY_TRUST,
  item: 'port',
  vantage: 'inside',
  wall: 'gateway.reach',
  notApplicable: withoutScript,
  attempts: (attacker, victim) => {
    const browser = victim.browserPort === undefined ? [] : [{ host: '127.0.0.1', port: victim.browserPort }];
    return [reach(attacker, victim.tenant, [...replayDoors(attacker, victim), ...browser], victim.nonce)];
  },
  positive: (self) => [reachDecoy(self)],
  positiveBy: 'attacker',
  negative: (self) => [reachDecoy(self)],
  judge,
});

function reachDecoy(self: Side): Step {
  return reach(self, 'its decoy', [{ host: '127.0.0.1', port: self.decoy.port }], self.decoy.nonce);
}

function reach(attacker: Side, whom: string, to: readonly Door[], nonce: string): Step {
  return { label: `agent connects to ${whom}`, action: turnOf(attacker, [['exec', { command: nodeCommand(PROGRAM, to) }]]), nonce };
}

function judge(step: Step, attempted: Attempted, apart: Apart, probe: Probe): AttemptOutcome {
  const said = attempted.ok ? attempted.got : '';
  const outcomes = [...said.matchAll(/^(?:GOT )?DOOR (\S+) (\d+) (\S+)(.*)$/gm)].map(([, host = '', port, word = '', text = '']) => {
    const one: Step = { label: `agent connects to ${host} port ${port}`, action: { kind: 'connect', host, port: Number(port) } };
    return judgeByReason(one, word === 'ANSWERED' ? { key: '', ok: true, got: text } : { key: '', ok: false, code: word }, apart, probe);
  });
  const open = outcomes.find(({ outcome }) => outcome === 'breached');
  if (open !== undefined && step.nonce !== undefined && !said.includes(step.nonce)) return open;
  return judgeAnswers(step, attempted, (answer) => {
    if (isAbsent(answer)) return TOOL_ABSENT;
    const isWhole = answer.includes(`DOORS ${outcomes.length}`) && outcomes.every(({ outcome }) => outcome === 'contained');
    // Its loopback is then not the gateway's: the listener that the control connects to answers on that one.
    if (isWhole && / ALONE\b/.test(answer)) return NO_NETWORK;
    return isWhole ? `none of ${outcomes.length} addresses is the victim’s` : undefined;
  });
}
