/** A-P3: a signal for the victim's gateway. */
import { BY_TRUST, defineProbe, sharedPid, type Side, type Step } from '../define.ts';

export const probe = defineProbe({
  id: 'process.signal',
  attack: 'A-P3',
  title: "One tenant can stop another's gateway by a signal",
  does: 'Sends signal 0 to the victim’s gateway, found by its state directory or by its pid where both see the same processes.',
  safe: 'Signal 0 does nothing: the kernel only says whether another one would be delivered.',
  decoy: 'The attacker sends signal 0 to a process of its own that has a decoy state directory.',
  fix: 'Give every tenant its own OS user and process view: isolation os-user.',
  expected: ['EPERM', 'ESRCH', 'ABSENT'],
  severity: BY_TRUST,
  item: 'state-directory',
  vantage: 'inside',
  attempts: (attacker, victim) => [onGateway('signal', attacker, victim)],
  positive: (self) => [onGateway('signal', self, self)],
  negative: ({ decoy }) => [{ label: 'signal the decoy', action: { kind: 'signal', stateDir: decoy.stateDir } }],
});

export function onGateway(kind: 'signal' | 'inspect', attacker: Side, victim: Side): Step {
  const label = `${kind} the gateway that uses ${victim.state}`;
  return { label, action: { kind, stateDir: victim.state, ...sharedPid(attacker, victim, victim.pid) } };
}
