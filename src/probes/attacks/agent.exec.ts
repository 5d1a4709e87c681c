/** A-T3: the attacker's real agent is made to run a command on the victim's canary. */
import { BY_TRUST, canaryOf, defineProbe, type Side, type Step } from '../define.ts';
import { judgeTurn, turnOf, withoutScript } from '../turn.ts';

export const probe = defineProbe({
  id: 'agent.exec',
  attack: 'A-T3',
  title: "A steered agent runs a command on another tenant's files",
  does: 'The scripted model tells the attacker’s agent to run `cat` on the victim’s canary with its exec tool, through the gateway’s HTTP interface.',
  safe: 'Reads one canary; the model is scripted, so nothing leaves the machine and nothing is billed.',
  decoy: 'The same turn on the attacker’s own canary must obtain it; where the tool does not exist, both turns must say so.',
  fix: 'Give every tenant its own OS user and file system (isolation os-user); take exec away with the policy preset `support`.',
  expected: [],
  severity: BY_TRUST,
  item: 'workspace',
  vantage: 'inside',
  wall: 'files.read-state',
  notApplicable: withoutScript,
  attempts: (attacker, victim) => [run(attacker, victim)],
  positive: (self) => [run(self, self)],
  positiveBy: 'attacker',
  negative: (self) => [run(self, self)],
  judge: judgeTurn,
});

function run(attacker: Side, victim: Side): Step {
  const path = canaryOf(victim, 'workspace');
  return { label: `exec cat ${path}`, action: turnOf(attacker, [['exec', { command: `cat ${path}` }]]), nonce: victim.nonce };
}
