/** What the supervisor keeps running: the boundary with the gateway in it, the published port, and the firewall that must stay. */
import type { Blueprint, Layout } from '../../core/blueprint.ts';
import type { Service } from '../../core/host.ts';
import { withEngine } from './engine.ts';
import { asUser, intoBoundary } from './enter.ts';
import { boundaryArgv } from './filesystem.ts';
import { firewallGuard } from './firewall.ts';
import { joinFiles } from './limits.ts';
import { userOf } from './names.ts';
import type { OsUserObserved } from './observer.ts';
import { rebuildArgv } from './rebuild.ts';
import { FORWARD, JOIN_AND_EXEC, RUN_BOUNDARY } from './programs.ts';

/** `payload` is what runs inside; the gateway unless a test says otherwise. Throws BulkheadError `apply` where a sandboxed tenant lacks its image or engine. */
export function boundaryService(
  blueprint: Blueprint,
  layout: Layout,
  observed: OsUserObserved,
  payload: readonly string[] = gatewayArgv(blueprint),
): Service {
  const { name, namespace } = userOf(blueprint);
  const joins = joinFiles(blueprint, layout, observed);
  const { limits } = blueprint;
  return {
    name,
    tenant: blueprint.tenant,
    argv: [
      '/usr/bin/perl',
      '-e',
      RUN_BOUNDARY,
      // The first is perl's own: without control groups to join it would take the one that ends their list.
      '--',
      ...joins,
      '--',
      'nsenter',
      `--net=/run/netns/${namespace}`,
      '--',
      ...boundaryArgv(blueprint, layout, observed),
      ...withEngine(blueprint, observed, [
        ...asUser(blueprint, observed, { environment: blueprint.environment, directory: blueprint.paths.workspace }),
        ...payload,
      ]),
    ],
    // The tenant's own environment is set inside, by env -i.
    environment: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' },
    workingDirectory: '/',
    logFile: `${layout.stateDir}/logs/${blueprint.tenant}.log`,
    publish: {
      port: blueprint.publishedPort,
      argv: ['/usr/bin/perl', '-e', JOIN_AND_EXEC, '3', ...joins, '--', ...forwarderArgv(blueprint, observed, '{pid}')],
    },
    limits: { memoryBytes: limits.memoryBytes, cpus: limits.cpus, pids: limits.pids },
    neverRestartExits: [78],
    stopGraceSeconds: 10,
    guard: firewallGuard(layout),
    ...(observed.systemd ? { rebuild: rebuildArgv(blueprint, layout) } : {}),
  };
}

export function gatewayArgv({ install }: Blueprint): readonly string[] {
  return [install.node, install.openclaw, 'gateway', 'run'];
}

/** What hands the published port on, inside the boundary whose first process is `pid`: it accepts on fd 3 and connects to the gateway. */
export function forwarderArgv(
  blueprint: Blueprint,
  observed: OsUserObserved,
  pid: string,
  into: readonly string[] = intoBoundary(blueprint, pid),
): readonly string[] {
  const where = { environment: { PATH: '/usr/bin:/bin', HOME: blueprint.paths.home }, directory: '/' };
  return [
    ...into,
    ...asUser(blueprint, observed, where),
    blueprint.install.node,
    '--max-old-space-size=32',
    '--max-semi-space-size=1',
    '-e',
    FORWARD,
    String(blueprint.gatewayPort),
  ];
}
