/** Looks at a machine before anything is on it: a handful of commands over one connection. Reads only. */
import type { Command, CommandResult } from '../core/command.ts';
import { BulkheadError } from '../core/error.ts';
import type { Host } from '../core/host.ts';
import type { MachineSeen } from '../core/machine.ts';
import type { Engine } from '../core/words.ts';
import { MACHINE_PROGRAM } from './machine-program.ts';

export interface MachineLook {
  readonly programs: readonly string[];
  readonly engines: readonly Engine[];
  /** Milliseconds of this machine's clock. */
  now(): number;
}

const TIME_UNITS = ['systemd-timesyncd.service', 'chrony.service', 'chronyd.service', 'ntpsec.service', 'openntpd.service', 'ntp.service'];

/** Throws BulkheadError `host` when the machine is not reached or says nothing that can be read: never a half-seen machine. */
export async function lookAtMachine(host: Host, { programs, engines, now }: MachineLook, signal: AbortSignal): Promise<MachineSeen> {
  const ask = (argv: readonly [string, ...string[]]): Promise<string | undefined> => answer(host, argv, signal);
  // The first command connects: what it takes is not the clock's.
  await host.run({ title: 'connect', argv: ['true'] }, signal);
  const before = now();
  const look: Command = { title: 'look at the machine', argv: ['perl', '-', ...programs], stdin: MACHINE_PROGRAM };
  const [result, clock, audit, version, state, enabled, ruleset, namespaces, free, answering] = await Promise.all([
    host.run(look, signal),
    ask(['date', '+%s%3N']).then((said) => ({ said: Number(said), after: now() })),
    ask(['dpkg', '--audit']),
    ask(['systemctl', '--version']),
    ask(['systemctl', 'is-system-running']),
    ask(['systemctl', 'list-unit-files', '--no-legend', '--state=enabled', ...TIME_UNITS]),
    ask(['nft', '-j', 'list', 'ruleset']),
    ask(['unshare', '--net', '--mount', '--pid', '--fork', 'echo', 'yes']),
    ask(['df', '--block-size=1', '--output=avail', '/var/lib']),
    Promise.all(engines.map((engine) => ask([engine, 'container', 'ls', '--quiet']))),
  ]);
  const told = toldBy(host, result);
  const one = (name: string): string => told.get(name)?.[0] ?? '';
  const words = (name: string): readonly string[] =>
    one(name)
      .split(/\s+/)
      .filter((word) => word !== '');
  const v2 = words('v2').filter((name) => ['memory', 'pids', 'cpu'].includes(name));
  const v1 = words('v1');
  return {
    user: one('user'),
    root: one('uid') === '0',
    system: { ids: [...words('os.ID'), ...words('os.ID_LIKE')], version: one('os.VERSION_ID'), name: one('os.PRETTY_NAME') },
    kernel: one('kernel'),
    architecture: one('machine'),
    init:
      one('booted') === 'systemd'
        ? { systemd: Number(/^systemd (\d+)/.exec(version ?? '')?.[1] ?? 0), state: (state ?? '').trim() }
        : { other: one('init') },
    controlGroups: { version: v2.length > 0 ? 'v2' : v1.length > 0 ? 'v1' : 'none', controllers: v2.length > 0 ? v2 : v1 },
    programs: told.get('program') ?? [],
    engines: engines.filter((_, at) => answering[at] !== undefined),
    ...(audit === undefined ? {} : { halfInstalled: audit.trim() }),
    nftables: { answers: ruleset !== undefined, dropForwarded: dropsOf(ruleset) },
    namespaces: (namespaces ?? '').trim() === 'yes',
    loops: one('loops') === '1',
    clock: { aheadMs: Math.round(clock.said - (before + clock.after) / 2), errorMs: Math.ceil((clock.after - before) / 2) },
    timeServices: (enabled ?? '')
      .split('\n')
      .flatMap((line) => line.split(/\s+/).slice(0, 1))
      .filter((unit) => unit !== ''),
    listeners: (told.get('listens') ?? []).flatMap(openListener),
    memoryBytes: Number(one('memory')) * 1024,
    freeBytes: Number((free ?? '').split('\n')[1] ?? 0),
  };
}

/** undefined where the program is missing or fails; a host that cannot be used throws. `systemctl is-system-running` fails by telling. */
async function answer(host: Host, argv: readonly [string, ...string[]], signal: AbortSignal): Promise<string | undefined> {
  try {
    const { exit, stdout, truncated } = await host.run({ title: `ask ${argv[0]}`, argv, timeoutMs: 20_000 }, signal);
    return (exit === 0 || argv[1] === 'is-system-running') && !truncated ? stdout : undefined;
  } catch (error) {
    signal.throwIfAborted();
    // What is not installed is an answer; a connection that is gone shows in the look itself, which everything waits for.
    if (error instanceof BulkheadError && error.message.startsWith('The program ')) return undefined;
    throw error;
  }
}

function toldBy(host: Host, { exit, stdout, stderr, truncated }: CommandResult): ReadonlyMap<string, readonly string[]> {
  // Its last line: without it, whatever is not there may be there.
  if (exit !== 0 || truncated || !/^end\t1$/m.test(stdout)) {
    const cause = new Error(stderr.trim().split('\n').at(-1) ?? '');
    throw new BulkheadError('host', `${host.id}: could not look at the machine`, 'run the same command again', { cause });
  }
  const told = new Map<string, string[]>();
  for (const line of stdout.split('\n')) {
    const [name, value] = line.split('\t');
    if (name === undefined || value === undefined) continue;
    const plain = value.replace(/%([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
    told.set(name, [...(told.get(name) ?? []), plain]);
  }
  return told;
}

/** Base chains that let nothing forwarded through unless a rule of theirs does. libnftables-json(5). */
function dropsOf(ruleset: string | undefined): readonly string[] {
  if (ruleset === undefined) return [];
  const { nftables = [] } = JSON.parse(ruleset) as { nftables?: readonly { chain?: Record<string, unknown> }[] }; // shape checked below
  return nftables.flatMap(({ chain }) =>
    chain?.['hook'] === 'forward' && chain['policy'] === 'drop'
      ? [`${String(chain['family'])} ${String(chain['table'])} ${String(chain['name'])}`]
      : [],
  );
}

/** As /proc/net/tcp writes it: 32-bit words in the byte order of the machine, which is little-endian on all that OpenClaw runs on. */
function openListener(text: string): readonly string[] {
  const [hex = '', port = '', program = ''] = text.split(' ');
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) => [...Buffer.from(word, 'hex')].toReversed());
  const mapped = bytes.length === 16 && bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255;
  const four = bytes.length === 4 ? bytes : mapped ? bytes.slice(12) : undefined;
  if (four === undefined ? bytes.slice(0, 15).every((byte) => byte === 0) && bytes[15] === 1 : four[0] === 127) return [];
  const groups = Array.from({ length: 8 }, (_, at) => (((bytes[at * 2] ?? 0) << 8) | (bytes[at * 2 + 1] ?? 0)).toString(16));
  const address = four === undefined ? (bytes.every((byte) => byte === 0) ? '[::]' : `[${groups.join(':')}]`) : four.join('.');
  return [`${address}:${port} ${program}`];
}
