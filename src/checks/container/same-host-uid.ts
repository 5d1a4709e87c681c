/** Containers of two tenants are one user of the host. */
import { defineCheck } from '../../core/check.ts';
import { sharedBy, sharing } from '../join.ts';

export const check = defineCheck({
  id: 'container.same-host-uid',
  title: 'Containers of two tenants are one user of the host',
  why: 'Whoever gets out of one container owns the files and processes of the other.',
  fix: 'Map users apart: userns-remap, podman --userns=auto, or a rootless engine for each tenant.',
  how: 'The user of the gateway’s process as the host numbers it, for gateways in containers.',
  source: 'user_namespaces(7); openclaw 2026.9.6 docs/cli/fleet.md (cells run with the user of whoever made them)',
  severity: { team: '-', clients: 'warn', adversarial: 'high' },
  needs: ['container', 'process'],
  phases: ['observed'],
  item: 'container',
  *judge({ tenants }) {
    const groups = sharedBy(tenants, ({ host, container, process }) => {
      if (!container.known || container.value === null || !process.known || process.value === null) return [];
      const { uid } = process.value;
      return [{ key: `${host} ${uid}`, where: `container ${container.value.name} is uid ${uid} of ${host}` }];
    });
    for (const group of groups) yield sharing(group, 'a user of the host');
  },
});
