/** Leaks of machines: company where a tenant is to be alone, machines that are none, or one, or copies of one image. */
import { machineIdentity } from '../../src/observe/machine-identity.ts';
import { known, type Facts } from '../../src/core/facts.ts';
import { onTwoMachines } from '../../src/checks/testing/two-machines.ts';
import { declaredMachines } from './declared-machines.ts';
import type { Mutation } from './mutation.ts';

/** Both hosts as the collector sees the machine of the test: under two names, one machine. */
function seenTwice(): Facts {
  const { gateways: _gateways, container: _container, ...seen } = machineIdentity();
  const facts = onTwoMachines({ 'edge-2': { bootId: 'boot-1' } });
  const hosts = facts.hosts.map((host) => (host.machine.known ? { ...host, machine: known({ ...host.machine.value, ...seen }, 'test') } : host));
  return { ...facts, hosts };
}

export const machines: readonly Mutation[] = [
  {
    id: 'host.not-alone',
    disguise: 'both by their trust',
    also: ['host.shared-kernel', 'host.admins', 'install.shared-readonly'],
    facts: () => declaredMachines({ globex: 'host: edge-1' }),
  },
  {
    id: 'host.not-alone',
    disguise: 'one by its own wish, the other no adversary',
    also: ['host.admins', 'install.shared-readonly'],
    facts: () => declaredMachines({ trust: 'clients', acme: 'host: edge-1, isolation: host', globex: 'host: edge-1' }),
  },
  {
    id: 'host.other-gateways',
    disguise: 'in a container of its own',
    facts: () => onTwoMachines({ 'edge-1': { machine: { gateways: [{ pid: 900, uid: 1000, pidNamespace: '4026539999' }] } } }),
  },
  { id: 'host.same-machine', disguise: 'one machine under two names, as the collector saw it', facts: seenTwice },
  {
    id: 'host.same-machine',
    disguise: 'two containers with ids of their own',
    also: ['host.not-a-machine'],
    facts: () => onTwoMachines({ 'edge-1': { machine: { container: 'docker' } }, 'edge-2': { bootId: 'boot-1' } }),
  },
  { id: 'host.cloned', disguise: 'the machine id', facts: () => onTwoMachines({ 'edge-2': { machine: { machineId: '1'.repeat(32) } } }) },
  {
    id: 'host.cloned',
    disguise: 'one of several host keys',
    facts: () => onTwoMachines({ 'edge-2': { machine: { hostKeys: ['SHA256:own', 'SHA256:host-1'] } } }),
  },
  {
    id: 'host.not-a-machine',
    disguise: 'a container with an init of its own',
    facts: () => onTwoMachines({ 'edge-2': { machine: { container: 'systemd-nspawn' } } }),
  },
  { id: 'host.control-machine', disguise: 'by leaving out its host', facts: () => declaredMachines({ acme: 'isolation: host' }) },
  { id: 'host.admins', disguise: 'one person for two machines', facts: () => declaredMachines({ admin: 'OPS@host.test' }) },
  {
    id: 'host.admins',
    disguise: 'a member of one administers the machine of the other',
    facts: () => declaredMachines({ member: '"Olga@host.test "' }),
  },
];
