/** A machine for tests: Debian with systemd as its init, and processes, mounts, network and control groups of its own. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { CommandResult } from '../../src/core/command.ts';
import { localHost } from '../../src/hosts/local.ts';
import { identify, livenessOf, type ProcessIdentity } from '../../src/state/process-identity.ts';
import { removeControlGroups } from './control-groups.ts';
import { machineRoot, type MachineKind } from './machine-root.ts';

const PLACE = '/var/tmp';
const PREFIX = 'bulkhead-machine-';
const SCRIPT = join(import.meta.dirname, 'machine.sh');
/** systemd-nspawn(1), --keep-unit. */
const REBOOTED = 133;
const BOOT_MS = 120_000;

export const MACHINE_PROGRAMS = ['systemd-nspawn', 'mmdebstrap', 'setpriv', 'unshare', 'nsenter', 'ip'] as const;

export interface Machine {
  /** Runs a program as a service of the machine's systemd; its whole environment is `environment`, PATH and LANG. */
  run(argv: readonly [string, ...string[]], environment?: Readonly<Record<string, string>>): Promise<CommandResult>;
  write(path: string, text: string): Promise<void>;
  /** Returns once it has booted again. Whatever was not on disk is gone. */
  reboot(): Promise<void>;
  /** Ends it and removes what it leaves. */
  end(): Promise<void>;
}

/** Host path → path inside, read-only. */
export type Binds = Readonly<Record<string, string>>;

export interface MachineOptions {
  readonly kind?: MachineKind;
  /** Directories that lie on a real disk, where the machine's own file system, an overlay, would not do: another overlay cannot lie on one. */
  readonly disks?: readonly string[];
  /** Has this machine's loop devices: what a file system in a file is mounted by. */
  readonly loops?: boolean;
  /** Put into it before it boots, by path; root's own. */
  readonly files?: Readonly<Record<string, { readonly text: string; readonly mode: number }>>;
  /** Joins it to a network when it has said under which process its network is; the link is to be called eth0 there. */
  readonly uplink?: { readonly address: string; readonly gateway: string; join(holder: number): Promise<void> };
}

interface Boot {
  readonly leader: number;
  readonly ended: Promise<CommandResult>;
  stop(): void;
}

/** Also ends and removes what machines of killed test runs have left: processes in their own control groups, and what lies on disk. */
export async function bootMachine(binds: Binds, options: MachineOptions = {}): Promise<Machine> {
  await sweep();
  const base = await machineRoot(options.kind ?? 'ready');
  const folder = mkdtempSync(join(PLACE, PREFIX));
  writeFileSync(join(folder, 'owner.json'), JSON.stringify(identify(process.pid)));
  for (const name of ['upper', 'work', 'root']) mkdirSync(join(folder, name), { mode: 0o755 });
  for (const [path, { text, mode }] of Object.entries(options.files ?? {})) {
    mkdirSync(dirname(join(folder, 'upper', path)), { recursive: true, mode: mode & 0o077 ? 0o755 : 0o700 });
    writeFileSync(join(folder, 'upper', path), text, { mode });
  }
  const disks = (options.disks ?? []).map((path, at) => `--bind=${folder}/disk${at}:${path}`);
  for (const at of disks.keys()) mkdirSync(join(folder, `disk${at}`), { mode: 0o711 });
  const loops = options.loops === true ? readdirSync('/dev').filter((name) => /^loop(?:\d+|-control)$/.test(name)) : [];
  const devices = loops.map((name) => `--bind=/dev/${name}`);
  const start = async (): Promise<Boot> => {
    try {
      return await boot(base, folder, { binds, disks: [...disks, ...devices], uplink: options.uplink });
    } catch (error) {
      await removeLeftOvers(folder);
      throw error;
    }
  };
  let current = await start();
  return {
    run: (argv, environment = {}) => runIn(current.leader, argv, environment),
    write: async (path, text) => {
      const { exit, stderr } = await inside(current.leader, ['tee', path], text);
      if (exit !== 0) throw new Error(`cannot write ${path} in the machine: ${stderr}`);
    },
    reboot: async () => {
      await runIn(current.leader, ['systemctl', '--no-block', 'reboot'], {});
      const { exit, stderr } = await current.ended;
      if (exit !== REBOOTED) throw new Error(`the machine did not reboot: ${exit} ${stderr.slice(-1000)}`);
      await removeControlGroups(basename(folder));
      current = await start();
    },
    end: async () => {
      current.stop();
      await current.ended;
      await removeLeftOvers(folder);
    },
  };
}

interface Fitting {
  readonly binds: Binds;
  readonly disks: readonly string[];
  readonly uplink: MachineOptions['uplink'];
}

async function boot(base: string, folder: string, { binds, disks, uplink }: Fitting): Promise<Boot> {
  const abort = new AbortController();
  const bound = Object.entries(binds).map(([host, inside]) => `--bind-ro=${host}:${inside}`);
  const place = [uplink?.address ?? '', uplink?.gateway ?? ''];
  let settled: CommandResult | undefined;
  let joined: Promise<void> | undefined;
  let holder = 0;
  const argv = [
    'setpriv',
    '--pdeathsig',
    'KILL',
    '--',
    'unshare',
    '--mount',
    '--net',
    '--',
    SCRIPT,
    base,
    folder,
    ...place,
    ...bound,
    ...disks,
  ] as const;
  const ended = localHost()
    .stream(
      { title: 'boot a machine', argv: [...argv], timeoutMs: Infinity },
      (line) => {
        holder ||= Number(/^machine (\d+)$/.exec(line)?.[1] ?? 0);
        if (holder !== 0) joined ??= uplink?.join(holder);
      },
      abort.signal,
    )
    .catch((error: unknown): CommandResult => {
      if (!abort.signal.aborted) throw error;
      return { exit: null, signal: 'SIGKILL', stdout: '', stderr: '', timedOut: false, truncated: false, durationMs: 0 };
    })
    .then((result) => (settled = result));
  const deadline = Date.now() + BOOT_MS;
  let said = '';
  while (Date.now() < deadline && settled === undefined) {
    await joined;
    const leader = holder === 0 ? undefined : childOf(holder);
    if (leader !== undefined) {
      const state = await inside(leader, ['systemctl', 'is-system-running']);
      said = state.stdout.trim() || state.stderr.trim();
      if (said === 'running' || said === 'degraded') return { leader, ended, stop: () => abort.abort() };
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  abort.abort();
  const { exit, stderr } = await ended;
  throw new Error(`the machine did not boot (exit ${exit}, systemd: ${said}): ${stderr.slice(-2000)}`);
}

/** systemd-nspawn's only child is the machine's init. */
function childOf(pid: number): number | undefined {
  try {
    const [child] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ');
    return child === undefined || child === '' || readFileSync(`/proc/${child}/comm`, 'utf8') !== 'systemd\n' ? undefined : Number(child);
  } catch {
    return undefined; // ended meanwhile: `boot` sees it by its exit
  }
}

function inside(leader: number, argv: readonly string[], stdin?: string): Promise<CommandResult> {
  const enter = ['nsenter', '-t', String(leader), '--mount', '--uts', '--ipc', '--net', '--pid', '--cgroup', '--'] as const;
  const command = { title: argv.join(' '), argv: [...enter, ...argv], timeoutMs: 600_000, ...(stdin === undefined ? {} : { stdin }) } as const;
  return localHost().run(command, new AbortController().signal);
}

function runIn(leader: number, argv: readonly string[], environment: Readonly<Record<string, string>>): Promise<CommandResult> {
  const set = Object.entries(environment).map(([name, value]) => `--setenv=${name}=${value}`);
  return inside(leader, ['systemd-run', '--quiet', '--pipe', '--wait', '--collect', ...set, '--', ...argv]);
}

async function sweep(): Promise<void> {
  for (const name of readdirSync(PLACE).filter((entry) => entry.startsWith(PREFIX))) {
    const owner = join(PLACE, name, 'owner.json');
    // Without an owner: its run was killed between two lines, or is between them now; the next sweep sees which.
    if (!existsSync(owner)) continue;
    if (livenessOf(JSON.parse(readFileSync(owner, 'utf8')) as ProcessIdentity) === 'dead') await removeLeftOvers(join(PLACE, name));
  }
}

async function removeLeftOvers(folder: string): Promise<void> {
  await removeControlGroups(basename(folder));
  rmSync(folder, { recursive: true, force: true });
}
