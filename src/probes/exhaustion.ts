/** What the attacks on limits have in common: they never use anything up, for whoever reaches a limit harms the attacker’s own gateway first. */
import type { Controller } from './attempts/groups.ts';
import type { Probe, Side, Step } from './define.ts';

/** As the check `os.cgroup-limits-missing` has it: what is used up comes back. */
export const BY_PATIENCE: Probe['severity'] = { team: 'info', clients: 'warn', adversarial: 'high' };

type Common = Omit<Probe, 'id' | 'attack' | 'title' | 'does'>;

export function exhaustion(controller: Controller) {
  const steps = (attacker: Side, victim: Side): readonly Step[] => [
    {
      label: `look for a limit on ${controller} of its own`,
      action: { kind: 'group', ask: 'own-limit', controller, pid: pidOf(attacker), other: pidOf(victim) },
    },
    {
      label: `change its own limit on ${controller} or leave its group`,
      action: { kind: 'group', ask: 'regulate', controller, pid: pidOf(attacker), own: true },
    },
    {
      label: `change ${victim.tenant}’s limit on ${controller} or join its group`,
      action: { kind: 'group', ask: 'regulate', controller, pid: pidOf(victim), own: false },
    },
  ];
  return {
    safe: 'Reads limits, and opens the files of control groups for writing without writing; nothing is used up.',
    decoy: 'The attacker asks the same of a made-up group without a limit, whose files it may write.',
    fix: 'Run `bulkhead apply`: it puts each tenant into a control group of its own with limits; the host must have control groups that root may make.',
    expected: ['LIMITED', 'EACCES', 'EPERM', 'EROFS'],
    severity: BY_PATIENCE,
    item: 'limits',
    vantage: 'user',
    attempts: steps,
    positive: (self) => [{ label: `find its own control group`, action: { kind: 'group', ask: 'where', controller, pid: pidOf(self) } }],
    negative: ({ decoy }) => [
      { label: 'ask about an open group', action: { kind: 'group', ask: 'open-decoy', controller, directory: decoy.directory } },
    ],
  } satisfies Common;
}

/** Its gateway runs, or the side would not count; 0 is nobody’s. */
function pidOf({ pid }: Side): number {
  return pid ?? 0;
}
