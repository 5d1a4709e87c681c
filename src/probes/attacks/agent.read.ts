/** A-T1: the attacker's real agent is made to read the victim's canary. */
import { BY_TRUST, canaryOf, defineProbe, type Side, type Step } from '../define.ts';
import { judgeTurn, turnOf, withoutScript } from '../turn.ts';

export const probe = defineProbe({
  id: 'agent.read',
  attack: 'A-T1',
  title: "A steered agent reads another tenant's files",
  does: 'The scripted model tells the attacker’s agent to read the victim’s canary with its read tool, through the gateway’s HTTP interface.',
  safe: 'Reads one canary; the model is scripted, so nothing leaves the machine and nothing is billed.',
  decoy: 'The same turn on the attacker’s own canary must obtain it; where the tool does not exist, both turns must say so.',
  fix: 'Give every tenant its own OS user and file system (isolation os-user); the policy presets also keep `read` within the workspace.',
  expected: [],
  severity: BY_TRUST,
  item: 'workspace',
  vantage: 'inside',
  wall: 'files.read-state',
  notApplicable: withoutScript,
  attempts: (attacker, victim) => [ask(attacker, victim)],
  positive: (self) => [ask(self, self)],
  positiveBy: 'attacker',
  negative: (self) => [ask(self, self)],
  judge: judgeTurn,
});

function ask(attacker: Side, victim: Side): Step {
  const path = canaryOf(victim, 'workspace');
  return { label: `agent reads ${path}`, action: turnOf(attacker, [['read', { path }]]), nonce: victim.nonce };
}
