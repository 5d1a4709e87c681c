/** Runs on the tenant's host (Node on standard input): which tree is there and which process is the tenant's gateway. Decides nothing. */
import { lstatSync, readdirSync, readFileSync } from 'node:fs';

export interface ProfileRequest {
  readonly directories: readonly string[];
  /** OPENCLAW_STATE_DIR that the gateway's environment must hold. */
  readonly stateDir: string;
}

export interface ProfileObserved {
  /** Directory → its kind and mode, or `missing`. */
  readonly directories: Readonly<Record<string, { readonly kind: 'directory' | 'other' | 'missing'; readonly mode?: number; readonly uid?: number }>>;
  readonly uid: number;
  readonly gid: number;
  /** Pid of the gateway, when one of this user's processes was started for this state directory. */
  readonly pid?: number;
}

export async function main(request: ProfileRequest): Promise<ProfileObserved> {
  const directories = Object.fromEntries(request.directories.map((path) => [path, kindOf(path)]));
  const pid = gatewayPid(request.stateDir);
  const own = { directories, uid: process.getuid?.() ?? -1, gid: process.getgid?.() ?? -1 };
  return pid === undefined ? own : { ...own, pid };
}

function kindOf(path: string): { kind: 'directory' | 'other' | 'missing'; mode?: number; uid?: number } {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return { kind: 'missing' };
  return { kind: found.isDirectory() ? 'directory' : 'other', mode: found.mode & 0o7777, uid: found.uid };
}

/** The oldest of this user's processes named openclaw-gateway whose environment names the state directory. */
function gatewayPid(stateDir: string): number | undefined {
  const marker = `OPENCLAW_STATE_DIR=${stateDir}`;
  const pids = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .toSorted((left, right) => left - right);
  return pids.find((pid) => {
    try {
      if (!readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('openclaw-gatewa')) return false;
      return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(marker);
    } catch (error) {
      // The process ended meanwhile (ENOENT, ESRCH) or is another user's (EACCES): not this tenant's gateway.
      if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
      throw error;
    }
  });
}
