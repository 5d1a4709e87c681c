/** A-P2 and A-F7: the victim's gateway through /proc. */
import { BY_TRUST, defineProbe, sharedPid, type Step } from '../define.ts';

export const probe = defineProbe({
  id: 'process.environ',
  attack: 'A-P2',
  title: "One tenant looks into another's processes",
  does: 'Searches every visible process for one that uses the victim’s state directory, and tries to reach the victim’s files through /proc/<pid>/root.',
  safe: 'An environment is searched for one path and forgotten; no signal is sent and nothing is traced.',
  decoy: 'The attacker starts a process of its own with a decoy state directory in its environment and must find it.',
  fix: 'Give every tenant its own OS user and process view: isolation os-user.',
  expected: ['EACCES', 'EPERM', 'ESRCH', 'ENOENT', 'ABSENT'],
  severity: BY_TRUST,
  item: 'state-directory',
  vantage: 'inside',
  attempts: (attacker, victim) => [search(victim.state, victim.canaries['state'] ?? '', sharedPid(attacker, victim, victim.pid))],
  positive: (self) => [search(self.state, '')],
  negative: ({ decoy }) => [search(decoy.stateDir, '')],
});

function search(stateDir: string, canary: string, where: { readonly pid?: number } = {}): Step {
  return { label: `search all processes for the one that uses ${stateDir}`, action: { kind: 'processes', stateDir, canary, ...where } };
}
