/** In which namespaces a program of ours runs. Travels with those that are sent inside. Source: namespaces(7); gvisor.dev, seen by running runsc 0.0~20221219. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { hostname, networkInterfaces, version } from 'node:os';

/** What every gVisor says that it was built as, `#1 SMP …`: its kernel has no other version. pkg/sentry/syscalls/linux/linux64.go. */
const GVISOR = 'Sun Jan 10 15:06:54 PST 2016';
const NAMES = ['cgroup', 'ipc', 'mnt', 'net', 'pid', 'user', 'uts'];

/** Name → inode. Empty where the kernel has no /proc (macOS). */
export function ownNamespaces(): Record<string, string> {
  const sandbox = ownSandbox();
  if (sandbox !== undefined) return Object.fromEntries(NAMES.map((name) => [name, sandbox]));
  try {
    return Object.fromEntries(
      readdirSync('/proc/self/ns').flatMap((name) => {
        const inode = /\[(\d+)\]/.exec(readlinkSync(`/proc/self/ns/${name}`))?.[1];
        return inode === undefined ? [] : [[name, inode]];
      }),
    );
  } catch {
    return {};
  }
}

/**
 * In gVisor a name of the kernel that one is in; undefined elsewhere. It numbers namespaces anew at each look and knows no boot id: it is told by its host
 * name and addresses, which nobody inside may change, and by when it and its first process began.
 */
export function ownSandbox(): string | undefined {
  if (!version().endsWith(GVISOR)) return undefined;
  const stat = readFileSync('/proc/1/stat', 'utf8');
  const began = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  const boot = /^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1] ?? '';
  const addresses = Object.values(networkInterfaces()).flatMap((list = []) => list.map(({ address }) => address));
  const told = [hostname(), boot, began, ...addresses.toSorted()].join('\n');
  return `sandbox ${createHash('sha256').update(told).digest('hex').slice(0, 16)}`;
}
