/**
 * Runs in a tenant's gVisor as the tenant (Node on standard input): what that kernel says of the gateway, since the host's has no such process. Reads /proc
 * only, decides nothing. Source: proc(5), prctl(2); seen by running runsc 0.0~20221219.
 */
import { readdirSync } from 'node:fs';
import { release } from 'node:os';
import { makeMasker, type MaskingRules } from '../openclaw/masking.ts';
import { ownNamespaces, ownSandbox } from '../openclaw/own-namespaces.ts';
import { isGateway, lookAtProcess, type ProcessSeen } from './gateway-process.ts';
import { backingOf, mountsIn } from './mounts.ts';
import { printedBy } from './printed-by.ts';
import { readText } from './read-text.ts';

export interface GvisorRequest {
  /** See host-collector.ts. */
  readonly names: readonly string[];
  readonly masking?: { readonly key: string; readonly rules: MaskingRules };
}

export interface GvisorCollected {
  /** null where no gateway runs in it. */
  readonly process: ProcessSeen | null;
  readonly kernel: {
    readonly release: string;
    readonly log: string;
    readonly sandbox: string;
    readonly hidepid: string;
    readonly tmp: string;
    readonly shm: string;
  };
}

/** Number of the system call prctl, and of its question PR_GET_NO_NEW_PRIVS. Source: the kernel's syscall tables. */
const PRCTL: Readonly<Record<string, number>> = { x64: 157, arm64: 167 };
const GET_NO_NEW_PRIVS = 39;

/** Throws in any other kernel. */
export async function main({ names, masking }: GvisorRequest): Promise<GvisorCollected> {
  const sandbox = ownSandbox();
  if (sandbox === undefined) throw new Error(`it is said to run in gVisor, and its kernel is ${release()}`);
  const pid = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .toSorted((left, right) => left - right)
    .find(isGateway);
  const mounts = mountsIn(readText('/proc/self/mountinfo', 4 << 20));
  const behind = (path: string): string => `${sandbox}:${backingOf(mounts, path)?.backing ?? 'none'}`;
  return {
    process: pid === undefined ? null : look(pid, names, masking),
    kernel: {
      release: release(),
      log: printedBy('dmesg', []).split('\n')[0]?.slice(0, 200) ?? '',
      sandbox,
      hidepid: /\bhidepid=(\w+)/.exec(mounts.get('/proc')?.options ?? '')?.[1] ?? '0',
      tmp: behind('/tmp'),
      shm: behind('/dev/shm'),
    },
  };
}

function look(pid: number, names: readonly string[], masking: GvisorRequest['masking']): ProcessSeen {
  const masker = masking === undefined ? undefined : makeMasker(masking.key, masking.rules);
  const seen = lookAtProcess(pid, { names: new Set(names), masker, namespacesOf: ownNamespaces });
  // gVisor has no such line for each process: it is asked for this one, which was started as the gateway was.
  const answer = printedBy('perl', ['-e', `print syscall(${PRCTL[process.arch] ?? -1}, ${GET_NO_NEW_PRIVS}, 0, 0, 0, 0)`]);
  return { ...seen, noNewPrivs: answer === '1' };
}
