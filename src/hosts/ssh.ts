/** A machine reached with the operator's own `ssh`: one connection per host and process, over which commands run as argv, never as a shell's text. */
import type { Command, CommandResult } from '../core/command.ts';
import { BulkheadError } from '../core/error.ts';
import type { Host } from '../core/host.ts';
import type { HostId } from '../core/words.ts';
import type { Sink } from './child.ts';
import { BASE_ENVIRONMENT, environmentFor } from './environment.ts';
import { NoConnection, openFarEnd, type FarEnd, type FarOptions } from './far-end.ts';
import { MAX_BYTES, MAX_LINE_CHARS } from './local.ts';
import { startResident, type Resident } from './resident.ts';
import { keepingSink, lineSink } from './sinks.ts';
import { notRoot, whyNoConnection } from './ssh-failure.ts';

export interface SshHostOptions {
  readonly id: HostId;
  /** As the operator would type it behind `ssh`: `ops@edge-1`, an alias, `ssh://ops@edge-1:2222`. */
  readonly destination: string;
  /** `root`: one logs in as root; `sudo`: as somebody whom sudo lets be root without a password. */
  readonly become: 'root' | 'sudo';
  /** Instead of the operator's own ~/.ssh/config and the system's (ssh -F). */
  readonly config?: string;
  /** Bytes kept of stdout and of stderr each; as on the local host when absent. */
  readonly maxBytes?: number;
  readonly maxLineChars?: number;
}

/** A host that holds a connection. One that is never closed keeps no process waiting and ends with it. */
export interface ReachedHost extends Host {
  close(): Promise<void>;
}

/** From the start of ssh to the first word of the far end: jumps, agents that ask for a touch. */
const CONNECT_MS = 30_000;
/** A host that was not reached is not tried again for this long: a command asks it many things. */
const REMEMBER_FAILURE_MS = 10_000;

/**
 * These come before what any config file says. A host key that is not known already is refused, never asked about or accepted; nothing is
 * forwarded; nothing of the operator's config runs here or there. What tells how to get there (aliases, jumps, keys, agents, known_hosts) is
 * the operator's.
 */
const OPTIONS = [
  'BatchMode=yes',
  'StrictHostKeyChecking=yes',
  'UpdateHostKeys=no',
  'ClearAllForwardings=yes',
  'ForwardAgent=no',
  'ForwardX11=no',
  'Tunnel=no',
  'PermitLocalCommand=no',
  'RemoteCommand=none',
  'RequestTTY=no',
  'EscapeChar=none',
  'ControlMaster=no',
  'ControlPersist=no',
  'ConnectTimeout=10',
  'ServerAliveInterval=5',
  'ServerAliveCountMax=3',
  'LogLevel=ERROR',
];

/** The command line; pure. The destination stands behind `--`, so that nothing in it is read as an option. */
export function sshArgv({ destination, become, config }: SshHostOptions, remote: string): readonly [string, ...string[]] {
  const options = OPTIONS.flatMap((option) => ['-o', option]);
  const asRoot = become === 'sudo' ? `exec sudo -n -- ${remote}` : `exec ${remote}`;
  return ['ssh', ...(config === undefined ? [] : ['-F', config]), ...options, '--', destination, asRoot];
}

/** Connects with the first command, and anew with the next one after a cut. Rejects as the local host does, and with BulkheadError `host` when it is not reached. */
export function sshHost(options: SshHostOptions): ReachedHost {
  if (!/^[^-\s]\S*$/.test(options.destination)) throw new Error(`${options.destination} is no SSH destination`);
  const maxBytes = options.maxBytes ?? MAX_BYTES;
  const maxLineChars = options.maxLineChars ?? MAX_LINE_CHARS;
  const connection = connectionOf(options);
  const run = async (command: Command, stdout: Sink, room: number | 'all', signal: AbortSignal): Promise<CommandResult> => {
    signal.throwIfAborted();
    const end = await orAborted(connection.get(), signal);
    const how: FarOptions = {
      host: options.id,
      environment: environmentFor(command, BASE_ENVIRONMENT),
      stdout,
      stderr: keepingSink(maxBytes),
      room: { stdout: room, stderr: maxBytes },
    };
    return await end.run(command, how, signal);
  };
  const residents = new Map<string, Resident>();
  const residentIn = async (node: string): Promise<Resident> => {
    const end = await connection.get();
    const there = residents.get(node);
    if (there?.isOver() === false) return there;
    const started = startResident(end, node, { host: options.id, environment: BASE_ENVIRONMENT, most: maxBytes });
    residents.set(node, started);
    return started;
  };
  const host: ReachedHost = {
    id: options.id,
    run: (command, signal) => run(command, keepingSink(maxBytes), maxBytes, signal),
    stream: (command, onLine, signal) => run(command, lineSink(onLine, maxLineChars), 'all', signal),
    close: connection.close,
  };
  const resident: Host['resident'] = async (asked, signal) => await (await orAborted(residentIn(asked.node), signal)).ask(asked, signal);
  // Not enumerable, as `here` of local.ts.
  return Object.defineProperty(host, 'resident', { value: resident });
}

interface Connection {
  get(): Promise<FarEnd>;
  close(): Promise<void>;
}

function connectionOf(options: SshHostOptions): Connection {
  let current: Promise<FarEnd> | undefined;
  let open: FarEnd | undefined;
  let failed: { readonly error: BulkheadError; readonly at: number } | undefined;
  const connect = async (): Promise<FarEnd> => {
    try {
      open = await openFarEnd((remote) => sshArgv(options, remote), environmentOfSsh(), CONNECT_MS);
      if (open.uid === 0) return open;
      await open.close();
      throw notRoot(options, open.uid);
    } catch (cause) {
      current = undefined;
      const error = cause instanceof NoConnection ? whyNoConnection(options, cause) : cause;
      if (error instanceof BulkheadError) failed = { error, at: performance.now() };
      throw error;
    }
  };
  return {
    get: () => {
      if (failed !== undefined && performance.now() - failed.at < REMEMBER_FAILURE_MS) return Promise.reject(failed.error);
      if (open?.isLost() === true) [open, current] = [undefined, undefined];
      current ??= connect();
      return current;
    },
    close: async () => {
      const end = await current?.catch(() => undefined);
      [open, current] = [undefined, undefined];
      await end?.close();
    },
  };
}

/** Everything of the operator's: agents, homes, proxies. No window asks what the terminal may not (SSH_ASKPASS, ssh(1)); a jump inherits that. */
function environmentOfSsh(): NodeJS.ProcessEnv {
  return { ...process.env, SSH_ASKPASS_REQUIRE: 'never' };
}

/** The connection goes on being made for others who wait for it. */
async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = (): void => reject(signal.reason as Error);
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
