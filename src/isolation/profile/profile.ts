/** The `profile` rung: one OS user, everything separate by path and environment. Stops accidents, not attackers. */
import type { Blueprint, Layout } from '../../core/blueprint.ts';
import type { Command, Program } from '../../core/command.ts';
import { BulkheadError } from '../../core/error.ts';
import type { BoundaryDetails, Fingerprint, Host, Isolation, Service } from '../../core/host.ts';
import { runSelfContained } from '../../hosts/run-program.ts';
import { sibling } from '../../hosts/self-contained.ts';
import { GATEWAY_CONFIG_EXIT, GATEWAY_STOP_SECONDS, gatewayArgv } from '../../openclaw/programs.ts';
import type { ProfileObserved, ProfileRequest } from './observer.ts';

export const profile: Isolation<ProfileObserved> = {
  rung: 'profile',
  separates: { files: false, processes: false, loopback: false, tmp: false, limits: false, egress: false },
  fingerprint,
  observe,
  converge,
  foresee: (_blueprint, _layout, observed) => observed,
  hasTree: ({ paths }, observed) => observed.directories[paths.root]?.kind === 'directory',
  remove,
  service,
  enter: asOwner,
  asTenant: asOwner,
  details,
};

async function fingerprint(host: Host, signal: AbortSignal): Promise<Fingerprint> {
  const result = await host.run({ title: 'ask for the operating system', argv: ['uname', '-s'] }, signal);
  if (result.exit !== 0) return { state: 'undetected', reason: `uname ended with ${result.exit}` };
  return { state: 'usable', detail: `${result.stdout.trim()}, one OS user for all tenants` };
}

async function observe(blueprint: Blueprint, layout: Layout, host: Host, signal: AbortSignal): Promise<ProfileObserved> {
  const request: ProfileRequest = { directories: directoriesOf(blueprint, layout).map((wanted) => wanted.path), stateDir: blueprint.paths.state };
  const program = sibling(import.meta.url, 'observer');
  return await runSelfContained<ProfileObserved>(
    host,
    { program, request, node: blueprint.install.node, title: `look at ${blueprint.tenant}` },
    signal,
  );
}

interface WantedDirectory {
  readonly path: string;
  readonly mode: number;
}

function directoriesOf({ paths }: Blueprint, layout: Layout): readonly WantedDirectory[] {
  const owned = [paths.root, paths.home, paths.state, paths.configDir, paths.workspace, paths.tmp, paths.compileCache, paths.secretsDir];
  const logs = paths.logFile.slice(0, paths.logFile.lastIndexOf('/'));
  return [{ path: layout.tenantsDir, mode: 0o711 }, ...[...owned, logs].map((path) => ({ path, mode: 0o700 }))];
}

/** `install -d` sets the mode at creation; a wrong mode is mended; something else under the name is refused. */
function converge(blueprint: Blueprint, layout: Layout, observed: ProfileObserved): readonly Command[] {
  const commands: Command[] = [];
  for (const { path, mode } of directoriesOf(blueprint, layout)) {
    const found = observed.directories[path];
    const octal = mode.toString(8);
    if (found === undefined || found.kind === 'missing') {
      commands.push({ title: `create ${path}`, argv: ['install', '-d', '-m', octal, '--', path] });
      continue;
    }
    if (found.kind === 'other' || found.uid !== observed.uid) {
      throw new BulkheadError(
        'apply',
        `${blueprint.tenant} on ${blueprint.host}: ${path} is not a directory of ours`,
        `look at it with: ls -ld ${path}`,
      );
    }
    if (found.mode !== mode) commands.push({ title: `set mode ${octal} on ${path}`, argv: ['chmod', octal, '--', path] });
  }
  return commands;
}

function remove(blueprint: Blueprint, layout: Layout, observed: ProfileObserved): readonly Command[] {
  const { root, secretsDir } = blueprint.paths;
  const doomed = [
    { path: root, parent: layout.tenantsDir },
    { path: secretsDir, parent: `${layout.stateDir}/secrets` },
  ];
  return doomed.flatMap(({ path, parent }) => {
    const found = observed.directories[path];
    if (found === undefined || found.kind === 'missing') return [];
    if (found.kind !== 'directory' || found.uid !== observed.uid || path !== `${parent}/${blueprint.tenant}`) {
      throw new BulkheadError(
        'apply',
        `${blueprint.tenant} on ${blueprint.host}: ${path} is not this tenant's own directory; nothing was removed`,
        `look at it with: ls -ld ${path}`,
      );
    }
    return [{ title: `delete ${path}`, argv: ['rm', '-rf', '--one-file-system', '--', path] as const }];
  });
}

function service(blueprint: Blueprint, layout: Layout): Service {
  return {
    name: blueprint.serviceName,
    tenant: blueprint.tenant,
    argv: ['/usr/bin/env', '-i', ...environmentArguments(blueprint.environment), ...gatewayArgv(blueprint.install)],
    environment: blueprint.environment,
    workingDirectory: blueprint.paths.workspace,
    logFile: `${layout.stateDir}/logs/${blueprint.tenant}.log`,
    limits: blueprint.limits,
    neverRestartExits: [GATEWAY_CONFIG_EXIT],
    stopGraceSeconds: GATEWAY_STOP_SECONDS,
  };
}

function environmentArguments(environment: Readonly<Record<string, string>>): string[] {
  return Object.entries(environment).map(([name, value]) => `${name}=${value}`);
}

/** Same user, same namespaces as the gateway: its environment and working directory are all that `profile` separates. */
function asOwner(blueprint: Blueprint, _layout: Layout, _observed: ProfileObserved, program: Program): Command {
  const environment = environmentArguments({ ...blueprint.environment, ...program.env });
  const { title, argv, env: _, ...rest } = program;
  return { title, argv: ['/usr/bin/env', '-C', blueprint.paths.root, '-i', ...environment, ...argv], ...rest };
}

function details(observed: ProfileObserved): BoundaryDetails {
  const { uid, gid, pid } = observed;
  return pid === undefined ? { uid, gid } : { uid, gid, pid };
}
