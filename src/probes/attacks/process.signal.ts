/** A-P3: a signal for the victim's gateway. */
import { BY_TRUST, defineProbe, type Side, type Step } from '../define.ts';

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

/** Its pid counts only where the attacker sees the same processes under the same numbers. */
export function onGateway(kind: 'signal' | 'inspect', attacker: Side, victim: Side): Step {
  const sees = attacker.namespaces['pid'] === victim.namespaces['pid'] && attacker !== victim && victim.pid !== undefined;
  const label = `${kind} the gateway that uses ${victim.state}`;
  return { label, action: { kind, stateDir: victim.state, ...(sees && victim.pid !== undefined ? { pid: victim.pid } : {}) } };
}
