/**
 * A machine for scans: its own processes, network, /tmp, /etc/passwd and homes in namespaces of their own, so that nothing else on the machine is
 * found and nothing of it stays. Needs root.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandResult } from '../../src/core/command.ts';
import { localHost } from '../../src/hosts/local.ts';
import { testInstall } from './requires.ts';

const CHECKOUT = new URL('../..', import.meta.url).pathname.replace(/\/$/, '');
const FIRST_UID = 64_100;
/** Reaps what is handed down to it: a container's pid namespace does not end while a process that once entered it is a zombie. */
const INIT = '$SIG{CHLD}="IGNORE"; sleep 3600 while 1';

export interface WorldUser {
  readonly name: string;
  readonly uid: number;
  readonly home: string;
}

export interface ScanWorld {
  /** Path of everything in it; the same inside. */
  readonly root: string;
  /** An account with a home directory; `groups`: further groups that it is in. */
  user(name: string, groups?: readonly string[]): WorldUser;
  /** A file of a user's, with the directories above it; 0600 unless told otherwise. */
  file(owner: WorldUser | 'root', path: string, text: string, mode?: number): string;
  /** Makes the accounts known and the namespaces; files may be added later, accounts may not. */
  open(): Promise<void>;
  /** Runs the real `openclaw` to its end, e.g. to write a config as its users do. */
  openclaw(owner: WorldUser | 'root', argv: readonly string[], env?: Readonly<Record<string, string>>): Promise<CommandResult>;
  /** Starts a real gateway and waits until it answers. */
  gateway(
    owner: WorldUser | 'root',
    port: number,
    launch: { readonly env?: Readonly<Record<string, string>>; readonly argv?: readonly string[] },
  ): Promise<void>;
  /** A command line of the host that runs these words inside. */
  enter(argv: readonly string[], as?: WorldUser): [string, ...string[]];
  /** Starts a program that ends with the world; returns what it has said last. */
  start(argv: readonly string[], as?: WorldUser): () => string;
  /** Runs a program inside; `as` another user than root. */
  run(argv: readonly [string, ...string[]], as?: WorldUser): Promise<CommandResult>;
  scan(...flags: readonly string[]): Promise<CommandResult>;
  /** Every file and every process, as text lines. All processes are halted meanwhile by `whileHalted`. */
  snapshot(): Promise<readonly string[]>;
  whileHalted<T>(work: () => Promise<T>): Promise<T>;
  end(): Promise<void>;
}

export function scanWorld(): ScanWorld {
  const root = mkdtempSync('/var/lib/bulkhead-scan-');
  chmodSync(root, 0o755);
  for (const name of ['home', 'bin', 'checkout']) mkdirSync(join(root, name), { mode: 0o755 });
  cpSync('/etc', join(root, 'etc'), { recursive: true, verbatimSymlinks: true });
  rmSync(join(root, 'etc/systemd/system'), { recursive: true, force: true });
  mkdirSync(join(root, 'etc/systemd/system'), { recursive: true });
  // The engines of the machine itself are not this world's.
  for (const engine of ['docker', 'podman']) writeFileSync(join(root, 'bin', engine), '#!/bin/sh\n', { mode: 0o755 });
  const users: WorldUser[] = [];
  const groups = new Map<string, string[]>([['docker', []]]);
  const started: ChildProcess[] = [];
  let holder: ChildProcess | undefined;
  let inner = 0;
  const host = localHost();
  const never = new AbortController().signal;

  const ownerOf = (owner: WorldUser | 'root'): number => (owner === 'root' ? 0 : owner.uid);
  const enter = (argv: readonly string[], as?: WorldUser): [string, ...string[]] => [
    'nsenter',
    '-t',
    String(inner),
    '-m',
    '-n',
    '-p',
    ...(as === undefined ? [] : ['setpriv', `--reuid=${as.uid}`, `--regid=${as.uid}`, '--clear-groups']),
    ...argv,
  ];
  const start = (argv: readonly string[], as?: WorldUser): { readonly child: ChildProcess; readonly said: () => string } => {
    const [program, ...words] = enter(argv, as);
    const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said = `${said}${chunk.toString()}`.slice(-4000)));
    started.push(child);
    return { child, said: () => said };
  };
  /** A thread that is writing when it is told to stop ends the write first. */
  const standstill = async (): Promise<void> => {
    let moving: readonly string[] = [];
    for (let tries = 0; tries < 200; tries += 1) {
      const { stdout } = await world.run(['ps', '-eLo', 'stat,pid,lwp,args', '--no-headers']);
      moving = stdout.split('\n').filter((line) => line !== '' && !/^[TtZ]|^\S+\s+1\s|\bps -eLo\b/.test(line));
      if (moving.length === 0) return;
      await sleep(50);
    }
    throw new Error(`did not stop: ${moving.join('; ')}`);
  };
  const openclawLine = (owner: WorldUser | 'root', argv: readonly string[], env: Readonly<Record<string, string>>): [string, ...string[]] => {
    const { node, openclaw, root: install } = testInstall();
    const home = owner === 'root' ? '/root' : owner.home;
    const variables = Object.entries({
      HOME: home,
      PATH: `${install}/bin:/usr/bin:/bin`,
      LANG: 'C.UTF-8',
      OPENCLAW_DISABLE_BONJOUR: '1',
      OPENCLAW_NO_AUTO_UPDATE: '1',
      OPENCLAW_OFFLINE: '1',
      OPENCLAW_NO_RESPAWN: '1',
      ...env,
    }).map(([name, value]) => `${name}=${value}`);
    return ['/usr/bin/env', '-C', home, '-i', ...variables, node, openclaw, ...argv];
  };
  const world: ScanWorld = {
    root,
    openclaw: (owner, argv, env = {}) => world.run(openclawLine(owner, argv, env), owner === 'root' ? undefined : owner),
    enter,
    start: (argv, as) => start(argv, as).said,
    user: (name, further = []) => {
      const user = { name, uid: FIRST_UID + users.length, home: join(root, 'home', name) };
      users.push(user);
      for (const group of further) groups.set(group, [...(groups.get(group) ?? []), name]);
      mkdirSync(user.home, { mode: 0o700 });
      chownSync(user.home, user.uid, user.uid);
      return user;
    },
    file: (owner, path, text, mode = 0o600) => {
      const missing: string[] = [];
      for (let at = dirname(path); lstatSync(at, { throwIfNoEntry: false }) === undefined; at = dirname(at)) missing.push(at);
      for (const directory of missing.toReversed()) {
        mkdirSync(directory, { mode: 0o700 });
        chownSync(directory, ownerOf(owner), ownerOf(owner));
      }
      writeFileSync(path, text, { mode });
      chownSync(path, ownerOf(owner), ownerOf(owner));
      return path;
    },
    open: async () => {
      const passwd = ['root:x:0:0:root:/root:/bin/sh', ...users.map(({ name, uid, home }) => `${name}:x:${uid}:${uid}::${home}:/bin/sh`)];
      const group = [
        'root:x:0:',
        ...[...groups].map(([name, members], index) => `${name}:x:${900 + index}:${members.join(',')}`),
        ...users.map(({ name, uid }) => `${name}:x:${uid}:`),
      ];
      writeFileSync(join(root, 'etc/passwd'), `${passwd.join('\n')}\n`);
      writeFileSync(join(root, 'etc/group'), `${group.join('\n')}\n`);
      holder = spawn('unshare', ['-m', '-n', '-p', '--fork', '--mount-proc', '--propagation', 'private', 'perl', '-e', INIT], { stdio: 'ignore' });
      for (let tries = 0; inner === 0; tries += 1) {
        if (tries > 200) throw new Error('the namespaces did not come up');
        await sleep(20);
        inner = Number(readFileSync(`/proc/${holder.pid}/task/${holder.pid}/children`, 'utf8').trim().split(' ')[0] ?? 0);
        if (inner !== 0 && !readFileSync(`/proc/${inner}/cmdline`, 'utf8').startsWith('perl')) inner = 0;
      }
      const binds: readonly (readonly [string, ...string[]])[] = [
        // It may lie below /tmp, which is hidden next.
        ['mount', '--bind', CHECKOUT, join(root, 'checkout')],
        ['mount', '-t', 'tmpfs', '-o', 'mode=1777', 'tmpfs', '/tmp'],
        ['mkdir', '-p', CHECKOUT],
        ['mount', '--bind', join(root, 'checkout'), CHECKOUT],
        ['mount', '-t', 'tmpfs', '-o', 'mode=0700', 'tmpfs', '/root'],
        // The whole directory: a mount over one file of it is gone as soon as somebody outside replaces that file, as useradd does.
        ['mount', '--bind', join(root, 'etc'), '/etc'],
        ['ip', 'link', 'set', 'lo', 'up'],
      ];
      for (const argv of binds) {
        const done = await world.run(argv);
        if (done.exit !== 0) throw new Error(`${argv.join(' ')}: ${done.stderr}`);
      }
    },
    gateway: async (owner, port, { env = {}, argv = [] }) => {
      const { child, said } = start(openclawLine(owner, argv, env), owner === 'root' ? undefined : owner);
      for (let tries = 0; tries < 120; tries += 1) {
        if (child.exitCode !== null) throw new Error(`the gateway on ${port} ended: ${said()}`);
        const health = await world.run(['curl', '-s', '-m', '2', `http://127.0.0.1:${port}/healthz`]);
        if (health.stdout.includes('"ok":true')) return;
        await sleep(500);
      }
      throw new Error(`the gateway on ${port} did not answer: ${said()}`);
    },
    run: (argv, as) => host.run({ title: argv.join(' '), argv: enter(argv, as), timeoutMs: 300_000, passEnvironment: ['HOME'] }, never),
    scan: (...flags) => world.run(['/usr/bin/env', `PATH=${join(root, 'bin')}:/usr/bin:/bin`, join(CHECKOUT, 'bulkhead'), 'scan', ...flags]),
    snapshot: async () => {
      const processes = await world.run(['ps', '-eo', 'stat,pid,args', '--no-headers']);
      // Ended ones stay listed where the first process waits for nobody.
      const running = processes.stdout
        .split('\n')
        .filter((line) => line !== '' && !/^Z|\bps -eo\b/.test(line))
        .map((line) => line.replace(/^\S+/, ''));
      // Seen from outside: /tmp and /root are theirs alone.
      const trees = [root, `/proc/${inner}/root/tmp`, `/proc/${inner}/root/root`];
      return [...running.map((line) => `process ${line.trim()}`), ...trees.flatMap((tree) => [...filesIn(tree)])];
    },
    whileHalted: async (work) => {
      // All but the first process: what a gateway has started would go on without it.
      await world.run(['kill', '-STOP', '--', '-1']);
      try {
        await standstill();
        return await work();
      } finally {
        await world.run(['kill', '-CONT', '--', '-1']);
      }
    },
    end: async () => {
      // The first process of a process namespace takes all others with it.
      if (inner !== 0) process.kill(inner, 'SIGKILL');
      // nsenter stops itself when what it started is stopped, and stays so.
      for (const child of started) child.kill('SIGKILL');
      for (const child of started) if (child.exitCode === null && child.signalCode === null) await Promise.race([once(child, 'exit'), sleep(5000)]);
      if (holder !== undefined && holder.exitCode === null) holder.kill('SIGKILL');
      rmSync(root, { recursive: true, force: true });
    },
  };
  return world;
}

/** What two snapshots do not have in common. */
export function changes(before: readonly string[], after: readonly string[]): readonly string[] {
  const [old, young] = [new Set(before), new Set(after)];
  return [
    ...before.filter((line) => !young.has(line)).map((line) => `gone: ${line}`),
    ...after.filter((line) => !old.has(line)).map((line) => `new: ${line}`),
  ];
}

/** Name, owner, bits, size, times and content. Times of last reading are left out: any look changes them. */
function* filesIn(directory: string, device = lstatSync(directory, { bigint: true }).dev): Iterable<string> {
  for (const name of readdirSync(directory).toSorted()) {
    const path = join(directory, name);
    const found = lstatSync(path, { bigint: true });
    const content = found.isFile() ? createHash('sha256').update(readFileSync(path)).digest('hex') : found.isSymbolicLink() ? readlinkSync(path) : '';
    yield [path, found.ino, found.uid, found.gid, found.mode.toString(8), found.size, found.mtimeNs, found.ctimeNs, content].join(' ');
    if (found.isDirectory() && found.dev === device) yield* filesIn(path, device);
  }
}
