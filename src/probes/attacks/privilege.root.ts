/** A-P8: the attacker as root, to whom no wall on the host means anything. */
import { defineProbe, type Side, type Step } from '../define.ts';
import { judgeHostThing } from '../judge.ts';

export const probe = defineProbe({
  id: 'privilege.root',
  attack: 'A-P8',
  title: 'One tenant becomes root, and with that every other',
  does: 'Asks the kernel for user id 0, sudo for what it would run without a password, and sudo and doas to run `true` without one.',
  safe: 'Nothing but `true` could run as root; no password is tried, and none is waited for.',
  decoy: 'The attacker takes its own user id, and asks a program of its own that says what a sudo without password says, with the same code.',
  fix: 'Do not run tenants as root (isolation os-user), and take their users out of sudoers and doas.conf.',
  expected: ['EPERM', 'EACCES', 'ENOENT'],
  severity: { team: 'warn', clients: 'critical', adversarial: 'critical' },
  item: 'host-admins',
  vantage: 'inside',
  attempts: () => [become('root'), elevate(['sudo']), elevate(['doas'])],
  positive: onItself,
  positiveBy: 'attacker',
  negative: onItself,
  judge: judgeHostThing,
});

function onItself({ decoy }: Side): Step[] {
  return [become('self'), elevate(['sh', `${decoy.directory}/sudo`])];
}

function become(who: 'root' | 'self'): Step {
  return { label: `take the user id of ${who}`, action: { kind: 'become', who } };
}

function elevate(program: readonly string[]): Step {
  return { label: `ask ${program.join(' ')}`, action: { kind: 'elevate', program } };
}
