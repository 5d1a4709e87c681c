/** The machines of several tenants are copies of one image. */
import { defineCheck } from '../../core/check.ts';
import type { Facts } from '../../core/facts.ts';
import type { HostId } from '../../core/words.ts';
import { sharedBy, type Holding } from '../join.ts';
import { onTheirHosts } from '../machines.ts';

export const check = defineCheck({
  id: 'host.cloned',
  title: 'The machines of several tenants are copies of one image',
  why: 'Whoever is root on one holds the key by which the other is known over SSH, and can pose as it; copies also carry whatever secrets the image held.',
  fix: 'On each copy: rm /etc/machine-id /etc/ssh/ssh_host_*, systemd-machine-id-setup, ssh-keygen -A, and reboot; then accept the new key once by hand. Make images without both.',
  how: 'A digest of the machine id and the fingerprints of the host keys of each machine; two hosts with one of them and different boot ids. A copy whose both were made anew is not found.',
  source: 'machine-id(5); sshd(8) (ssh_host_*_key)',
  severity: { team: 'warn', clients: 'high', adversarial: 'critical' },
  needs: ['host.machine', 'host.kernel'],
  phases: ['observed'],
  item: 'machine',
  *judge(facts) {
    const marks = marksOf(facts);
    for (const group of sharedBy(facts.tenants, ({ host }) => marks.get(host) ?? [])) yield* onTheirHosts(facts, group, 'are copies of one image');
  },
});

/** Of one machine under two names host.same-machine speaks: only the first of them counts here. */
function marksOf({ hosts }: Facts): ReadonlyMap<HostId, readonly Holding[]> {
  const booted = new Set<string>();
  const marks = new Map<HostId, readonly Holding[]>();
  for (const { host, machine, kernel } of hosts) {
    if (!machine.known || !kernel.known || booted.has(kernel.value.bootId)) continue;
    booted.add(kernel.value.bootId);
    const { machineId, hostKeys } = machine.value;
    marks.set(host, [
      ...(machineId === undefined ? [] : [{ key: `id ${machineId}`, where: `host ${host}, machine id (digest) ${machineId}` }]),
      ...hostKeys.map((key) => ({ key, where: `host ${host}, SSH host key ${key}` })),
    ]);
  }
  return marks;
}
