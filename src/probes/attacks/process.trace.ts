/** A-P4: the attacker as a debugger of the victim's process. */
import { BY_TRUST, defineProbe, sharedPid, type Step } from '../define.ts';

export const probe = defineProbe({
  id: 'process.trace',
  attack: 'A-P4',
  title: 'One tenant traces a process of another',
  does: 'Asks the kernel to trace a decoy process of the victim (PTRACE_SEIZE), which would give its memory and its secrets away.',
  safe: 'Only a decoy is traced, never the gateway; it is not stopped, and free again when the asking program ends, at once.',
  decoy: 'The attacker traces a child of its own with the same code.',
  fix: 'Give every tenant its own OS user and process view (isolation os-user); kernel.yama.ptrace_scope=1 or more helps beside it.',
  expected: ['EPERM', 'ESRCH', 'ABSENT'],
  severity: BY_TRUST,
  item: 'state-directory',
  vantage: 'inside',
  attempts: (attacker, victim) => [
    {
      label: 'trace the victim’s decoy process',
      action: { kind: 'trace', stateDir: victim.decoy.stateDir, ...sharedPid(attacker, victim, victim.decoy.pid) },
    },
  ],
  // Where only ancestors may trace, a tenant cannot trace its own decoy either: a child shows what it is able to.
  positive: child,
  positiveBy: 'attacker',
  negative: child,
});

function child(): Step[] {
  return [{ label: 'trace a child of its own', action: { kind: 'trace-child' } }];
}
