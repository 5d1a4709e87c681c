/** Whether a host can have the `os-user` rung, and which package it lacks. */
import type { Command } from '../../core/command.ts';
import { BulkheadError } from '../../core/error.ts';
import type { Fingerprint, Host } from '../../core/host.ts';

/** Program → Debian package that brings it. */
const PROGRAMS: Readonly<Record<string, string>> = {
  bwrap: 'bubblewrap',
  nft: 'nftables',
  ip: 'iproute2',
  nsenter: 'util-linux',
  setpriv: 'util-linux',
  prlimit: 'util-linux',
  perl: 'perl-base',
  useradd: 'passwd',
};
/** The PATH that commands run with (hosts/local.ts). */
const DIRECTORIES = ['/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** `spared`: programs that the caller has something else for. */
export async function fingerprint(host: Host, signal: AbortSignal, spared: readonly string[] = []): Promise<Fingerprint> {
  const ask = async (argv: readonly [string, ...string[]]): Promise<{ exit: number | null; stdout: string }> => {
    const command: Command = { title: `ask for ${argv[0]}`, argv };
    try {
      const { exit, stdout } = await host.run(command, signal);
      return { exit, stdout: stdout.trim() };
    } catch (error) {
      signal.throwIfAborted();
      // A host that cannot start this one program; uname and id tell whether it starts anything.
      if (error instanceof BulkheadError && error.code === 'host') return { exit: null, stdout: '' };
      throw error;
    }
  };
  const [system, user] = await Promise.all([ask(['uname', '-s']), ask(['id', '-u'])]);
  if (system.exit !== 0 || user.exit !== 0) return { state: 'undetected', reason: 'uname or id did not answer' };
  if (system.stdout !== 'Linux')
    return { state: 'unusable', reason: `${system.stdout} has no network namespaces`, fix: 'use a Linux host, or isolation: profile' };
  if (user.stdout !== '0')
    return { state: 'unusable', reason: 'making users and namespaces needs root', fix: 'run as root, or use isolation: profile' };
  // One program that looks for all of them: each start is what such a look costs. It ends with 1 where any path is not there.
  const needed = Object.keys(PROGRAMS).filter((name) => !spared.includes(name));
  const paths = needed.flatMap((name) => DIRECTORIES.map((directory) => `${directory}/${name}`));
  const there = new Set((await ask(['stat', '--dereference', '--format=%n', '--', ...paths])).stdout.split('\n'));
  const missing = needed.filter((name) => !DIRECTORIES.some((directory) => there.has(`${directory}/${name}`)));
  if (missing.length > 0) {
    const packages = [...new Set(missing.map((name) => PROGRAMS[name]))].join(' ');
    return { state: 'unusable', reason: `not found: ${missing.join(', ')}`, fix: `apt-get install ${packages}` };
  }
  const [namespaces, rules] = await Promise.all([ask(['unshare', '--net', '--mount', '--pid', '--fork', 'true']), ask(['nft', 'list', 'tables'])]);
  if (namespaces.exit !== 0)
    return { state: 'unusable', reason: 'this root may not make namespaces (a container without CAP_SYS_ADMIN?)', fix: 'run on the machine itself' };
  if (rules.exit !== 0)
    return { state: 'unusable', reason: 'nftables does not answer (no nf_tables, or no CAP_NET_ADMIN)', fix: 'modprobe nf_tables' };
  return { state: 'usable', detail: 'Linux root with namespaces, nftables and bubblewrap' };
}
