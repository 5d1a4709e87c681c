/** The clean tenants, each alone on a machine of its own that others administer. */
import { known, type Facts, type HostFacts } from '../../core/facts.ts';
import type { MachineFact } from '../../core/os-facts.ts';
import { observedFacts, wholeHost } from './clean-facts.ts';

const OF: Readonly<Record<string, string>> = { acme: 'edge-1', globex: 'edge-2' };

export interface MachineChange {
  readonly machine?: Partial<MachineFact>;
  readonly bootId?: string;
}

/** `change`: parts of the machine of a host. */
export function onTwoMachines(change: Readonly<Record<string, MachineChange>> = {}, facts: Partial<Facts> = {}): Facts {
  const clean = observedFacts({ risks: [] });
  return {
    ...clean,
    hosts: [machine('edge-1', 1, change['edge-1']), machine('edge-2', 2, change['edge-2'])],
    tenants: clean.tenants.map((tenant) => ({ ...tenant, rung: 'host', host: OF[tenant.tenant] ?? 'local' })),
    ...facts,
  };
}

/** Both on one machine. */
export function onOneMachine(rungs: readonly ['host' | 'os-user', 'host' | 'os-user']): Facts {
  const clean = onTwoMachines();
  const tenants = clean.tenants.map((tenant, at) => ({ ...tenant, host: 'edge-1', rung: rungs[at] ?? 'os-user' }));
  return { ...clean, tenants };
}

function machine(host: string, number: number, { machine: change, bootId = `boot-${number}` }: MachineChange = {}): HostFacts {
  const whole = wholeHost();
  if (!whole.machine.known || !whole.kernel.known) throw new Error('the clean host is known');
  const own = {
    machineId: String(number).repeat(32),
    hostKeys: [`SHA256:host-${number}`],
    gateways: whole.machine.value.gateways.slice(number - 1, number),
  };
  return {
    ...whole,
    host,
    admins: [{ name: `ops-${number}`, how: 'root' }],
    machine: known({ ...whole.machine.value, ...own, ...change }, 'test'),
    kernel: known({ ...whole.kernel.value, bootId }, 'test'),
  };
}
