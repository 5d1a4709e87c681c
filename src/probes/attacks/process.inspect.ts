/** A-P2 and A-F7: memory, open files and directories of the victim's gateway. */
import { BY_TRUST, defineProbe } from '../define.ts';
import { onGateway } from './process.signal.ts';

export const probe = defineProbe({
  id: 'process.inspect',
  attack: 'A-F7',
  title: "One tenant opens the memory or the open files of another's gateway",
  does: 'Opens maps, mem, environ, fd, cwd and root of the victim’s gateway in /proc.',
  safe: 'They are opened or listed and closed at once; nothing is read of them, no link is followed.',
  decoy: 'The attacker opens the same of a process of its own that has a decoy state directory.',
  fix: 'Give every tenant its own OS user and process view: isolation os-user.',
  expected: ['EACCES', 'EPERM', 'ESRCH', 'ENOENT', 'ABSENT'],
  severity: BY_TRUST,
  item: 'state-directory',
  vantage: 'inside',
  attempts: (attacker, victim) => [onGateway('inspect', attacker, victim)],
  positive: (self) => [onGateway('inspect', self, self)],
  negative: ({ decoy }) => [{ label: 'inspect the decoy', action: { kind: 'inspect', stateDir: decoy.stateDir } }],
});
