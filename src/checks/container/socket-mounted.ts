/** A gateway may talk to a container engine. */
import { defineCheck } from '../../core/check.ts';
import { holdsEngineSocket } from '../../core/container-facts.ts';

export const check = defineCheck({
  id: 'container.socket-mounted',
  title: 'A gateway may talk to a container engine',
  why: 'Whoever may ask an engine for a container with the host’s disk in it is root of the host.',
  fix: 'Take the socket out of the boundary; where sandboxes are needed, give the tenant a rootless engine of its own.',
  how: 'Sockets of Docker, Podman, containerd and CRI-O, and DOCKER_HOST: walked in the root of the running gateway with its user and groups. One whose listener the kernel places among the gateway’s own processes, in a namespace apart from the host’s, is the tenant’s own. For a container or pod also the sources of its mounts.',
  source: 'openclaw 2026.9.6 docs/gateway/sandbox-vs-tool-policy-vs-elevated.md; Docker Engine documentation, “Docker daemon attack surface”',
  severity: { team: 'warn', clients: 'critical', adversarial: 'critical' },
  needs: ['surroundings', 'container'],
  judgesWithout: ['surroundings'],
  phases: ['observed'],
  item: 'container',
  *judge({ tenants }) {
    for (const { tenant, surroundings, container } of tenants) {
      const reached = surroundings.known ? (surroundings.value?.engineSockets ?? []) : [];
      const mounts = container.known ? (container.value?.mounts ?? []) : [];
      const evidence = [
        ...reached.map((path) => `${path} may be opened`),
        ...mounts.filter(({ source }) => holdsEngineSocket(source)).map(({ source, target }) => `${source} is mounted at ${target}`),
      ];
      if (evidence.length > 0) yield { tenants: [tenant], message: `the gateway of ${tenant} may talk to a container engine`, evidence };
    }
  },
});
