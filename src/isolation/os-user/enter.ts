/** Running programs as the tenant: inside its boundary, or outside as its OS user. Always from an empty environment and without privileges. */
import type { Blueprint, Layout } from '../../core/blueprint.ts';
import type { Command, Program } from '../../core/command.ts';
import { BulkheadError } from '../../core/error.ts';
import { gidOf, uidOf, userOf } from './names.ts';
import type { OsUserObserved } from './observer.ts';
import { JOIN_AND_EXEC, LOAD_SECCOMP } from './programs.ts';
import { seccompFilter, type Seccomp } from './seccomp.ts';

interface Where {
  readonly environment: Readonly<Record<string, string>>;
  /** Entered by the tenant, not by root: it may be a link of the tenant's making. */
  readonly directory: string;
}

/** Drops every privilege and starts from an empty environment; what follows runs as the tenant. */
export function asUser(blueprint: Blueprint, observed: OsUserObserved, where: Where): readonly [string, ...string[]] {
  const { diskBytes } = blueprint.limits;
  return dropTo({ uid: uidOf(observed), gid: gidOf(observed), filter: filterOf(blueprint, observed), fileBytes: diskBytes, ...where });
}

interface Dropped extends Where {
  readonly uid: number;
  readonly gid: number;
  readonly filter: Seccomp;
  /** No file grows beyond it. */
  readonly fileBytes?: number | undefined;
}

/** The same for any user. */
export function dropTo({ uid, gid, filter, fileBytes, ...where }: Dropped): readonly [string, ...string[]] {
  return [
    'prlimit',
    // A core dump would hold every secret. One byte: for a pattern that pipes to a program the kernel ignores any limit but this. fs/coredump.c, core(5).
    '--core=1',
    '--nofile=8192',
    // Its log is the host's file, and open to it: no file that it has open, that one too, grows beyond its disk.
    ...(fileBytes === undefined ? [] : [`--fsize=${fileBytes}`]),
    '--',
    // The kernel clears the parent-death signal when the uid changes; setpriv sets it again afterwards. prctl(2).
    'setpriv',
    '--reuid',
    String(uid),
    '--regid',
    String(gid),
    '--clear-groups',
    '--no-new-privs',
    '--bounding-set=-all',
    '--inh-caps=-all',
    '--ambient-caps=-all',
    '--pdeathsig',
    'KILL',
    '--',
    ...filtered(filter, where),
  ];
}

/** For a process that is the tenant already: an empty environment, and the filter that everything of the tenant has. */
export function fromNothing(blueprint: Blueprint, observed: OsUserObserved, where: Where): readonly string[] {
  return filtered(filterOf(blueprint, observed), where);
}

function filterOf({ browser }: Blueprint, { arch }: OsUserObserved): Seccomp {
  return seccompFilter(arch, { userNamespaces: browser });
}

function filtered({ number, hex }: Seccomp, { environment, directory }: Where): readonly string[] {
  const env = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  return ['env', '-i', `--chdir=${directory}`, ...env, '/usr/bin/perl', '-e', LOAD_SECCOMP, String(number), hex];
}

/**
 * Into every namespace of the boundary; the mount namespace last, so that the tools are still the host's until then. A container of the tenant's own
 * engine has a user namespace: whoever enters as root has all capabilities in there and none outside, and drops them next.
 */
export function intoBoundary({ rootless }: Blueprint, pid: string): readonly string[] {
  return ['nsenter', '-t', pid, '--net', '--ipc', '--uts', '--pid', '--cgroup', '--mount', ...(rootless === true ? ['--user'] : []), '--'];
}

export function enterBoundary(blueprint: Blueprint, _layout: Layout, observed: OsUserObserved, program: Program): Command {
  if (observed.boundary === null || observed.user === null) {
    throw new BulkheadError('apply', `${blueprint.tenant} on ${blueprint.host}: its boundary is not up`, `bulkhead start ${blueprint.tenant}`);
  }
  const { pid, joins } = observed.boundary;
  const environment = { ...blueprint.environment, ...program.env };
  const argv = [
    'perl',
    '-e',
    JOIN_AND_EXEC,
    '2',
    ...joins,
    '--',
    ...intoBoundary(blueprint, String(pid)),
    // A session of its own: with the operator's terminal, dev.tty.legacy_tiocsti=1 would let the tenant type into it.
    'setsid',
    '--wait',
    ...asUser(blueprint, observed, { environment, directory: blueprint.paths.workspace }),
    ...program.argv,
  ] as const;
  return command(program, argv);
}

/** As the tenant's user among the host's namespaces; works while the tenant is stopped. */
export function outsideAsTenant(blueprint: Blueprint, _layout: Layout, observed: OsUserObserved, program: Program): Command {
  const environment = { ...blueprint.environment, ...program.env };
  const argv = [
    'perl',
    '-e',
    JOIN_AND_EXEC,
    '2',
    '--',
    ...asUser(blueprint, observed, { environment, directory: blueprint.paths.root }),
    ...program.argv,
  ] as const;
  return command({ ...program, title: `${program.title} as ${userOf(blueprint).name}` }, argv);
}

function command(program: Program, argv: readonly [string, ...string[]]): Command {
  return {
    title: program.title,
    argv,
    ...(program.stdin === undefined ? {} : { stdin: program.stdin }),
    ...(program.redact === undefined ? {} : { redact: program.redact }),
    ...(program.timeoutMs === undefined ? {} : { timeoutMs: program.timeoutMs }),
  };
}
