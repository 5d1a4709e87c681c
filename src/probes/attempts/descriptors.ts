/** Attempts on open files: how many one process may have, and whether it may have more. */
// oxlint-disable-next-line no-restricted-imports -- this program travels into a boundary; what it starts there is its own child
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import type { Answer } from '../actions.ts';
import { codeOf } from './code.ts';

/** Number of the system call prlimit64, of RLIMIT_NOFILE. Source: the kernel's syscall tables; getrlimit(2). */
const PRLIMIT: Readonly<Record<string, number>> = { x64: 302, arm64: 261 };
const RLIMIT_NOFILE = 7;
/** In gVisor 8192 of them took more than 5 s on a busy machine. */
const OPENING_MS = 30_000;

export interface OnDescriptors {
  /** So many are opened; a gateway that may open more has no limit. */
  readonly most: number;
  /** Of the gateway whose limit counts. */
  readonly stateDir?: string;
  /** Directory of one's own: the same look at the limits of a made-up process that has none. */
  readonly decoy?: string;
}

export function onDescriptors({ most, stateDir, decoy }: OnDescriptors): Answer {
  if (decoy !== undefined) {
    writeFileSync(`${decoy}/limits`, 'Max open files            unlimited            unlimited            files     \n');
    return upTo(most, hardLimit(`${decoy}/limits`));
  }
  if (stateDir === undefined) return inChild(most);
  const pid = gatewayOf(stateDir);
  if (pid === undefined) return { ok: false, code: 'ABSENT' };
  return upTo(most, existsSync(`/proc/${pid}/limits`) ? hardLimit(`/proc/${pid}/limits`) : askedLimit(pid));
}

function upTo(most: number, hard: number): Answer {
  if (Number.isNaN(hard)) return { ok: false, code: 'ABSENT' };
  return hard > most ? unlimited(hard) : inChild(most, hard);
}

function unlimited(hard: number): Answer {
  return { ok: true, got: `a process of the gateway may open ${hard === Infinity ? 'any number of' : hard} files` };
}

function hardLimit(path: string): number {
  const [, hard] = /^Max open files +\S+ +(\S+)/m.exec(readFileSync(path, 'utf8')) ?? [];
  return hard === 'unlimited' ? Infinity : Number(hard ?? Number.NaN);
}

/** gVisor has no such file, and answers prlimit(2) about a process of one's own user. */
function askedLimit(pid: string): number {
  const program = `my $limit = pack('QQ', 0, 0); print syscall(${PRLIMIT[process.arch] ?? -1}, ${pid}, ${RLIMIT_NOFILE}, 0, $limit) == 0 ? (unpack('QQ', $limit))[1] : ''`;
  const { stdout } = spawnSync('perl', ['-e', program], { encoding: 'utf8', timeout: 5000, stdio: ['ignore', 'pipe', 'ignore'] });
  return stdout === '' || stdout === null ? Number.NaN : Number(stdout);
}

function gatewayOf(stateDir: string): string | undefined {
  const needle = `OPENCLAW_STATE_DIR=${stateDir}`;
  return readdirSync('/proc').find((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return (
        readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('openclaw-gatewa') &&
        readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(needle)
      );
    } catch {
      return false; // gone, or another's
    }
  });
}

/** In a child, whose descriptors end with it: first asks for one more than `hard`, then opens until it is refused. */
function inChild(most: number, hard = 0): Answer {
  const number = PRLIMIT[process.arch];
  if (process.platform !== 'linux' || number === undefined)
    return { ok: false, code: `ERROR no prlimit known for ${process.platform} ${process.arch}` };
  const program = `my ($most, $hard) = @ARGV; my @open; my $wish = pack('QQ', $hard + 1, $hard + 1);
if ($hard > 0 && syscall(${number}, 0, ${RLIMIT_NOFILE}, $wish, 0) != -1) { print 'raised'; exit }
my $raising = $hard > 0 ? $! + 0 : 0;
while (@open < $most) { open(my $file, '<', '/dev/null') or do { print "errno $raising ", $! + 0; exit }; push @open, $file } print 'opened'`;
  const run = spawnSync('perl', ['-e', program, String(most), String(hard)], {
    encoding: 'utf8',
    timeout: OPENING_MS,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  if (run.error !== undefined) return { ok: false, code: `ERROR perl: ${codeOf(run.error)}` };
  if (run.stdout === 'raised') return { ok: true, got: `a process may raise its own limit of ${hard} open files` };
  if (run.stdout === 'opened') return { ok: true, got: `opened ${most} files` };
  return { ok: false, code: { 'errno 1 24': 'EPERM,EMFILE', 'errno 0 24': 'EMFILE' }[run.stdout] ?? `ERROR ${run.stdout}` };
}
