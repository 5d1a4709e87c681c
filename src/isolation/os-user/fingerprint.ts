/** Whether a host can have the `os-user` rung, and which package it lacks. */
import type { Command } from '../../core/command.ts';
import { BulkheadError } from '../../core/error.ts';
import type { Fingerprint, Host } from '../../core/host.ts';

/** Program that shows it is there → Debian package that brings it. */
const PROGRAMS: readonly (readonly [readonly [string, ...string[]], string])[] = [
  [['bwrap', '--version'], 'bubblewrap'],
  [['nft', '--version'], 'nftables'],
  [['ip', '-V'], 'iproute2'],
  [['nsenter', '--version'], 'util-linux'],
  [['setpriv', '--version'], 'util-linux'],
  [['perl', '-v'], 'perl-base'],
  [['useradd', '--help'], 'passwd'],
];

export async function fingerprint(host: Host, signal: AbortSignal): Promise<Fingerprint> {
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
  const found = await Promise.all(PROGRAMS.map(async ([argv, pack]) => ((await ask(argv)).exit === 0 ? undefined : { program: argv[0], pack })));
  const missing = found.filter((one) => one !== undefined);
  if (missing.length > 0) {
    const packages = [...new Set(missing.map(({ pack }) => pack))].join(' ');
    return { state: 'unusable', reason: `not found: ${missing.map(({ program }) => program).join(', ')}`, fix: `apt-get install ${packages}` };
  }
  const [namespaces, rules] = await Promise.all([ask(['unshare', '--net', '--mount', '--pid', '--fork', 'true']), ask(['nft', 'list', 'tables'])]);
  if (namespaces.exit !== 0)
    return { state: 'unusable', reason: 'this root may not make namespaces (a container without CAP_SYS_ADMIN?)', fix: 'run on the machine itself' };
  if (rules.exit !== 0)
    return { state: 'unusable', reason: 'nftables does not answer (no nf_tables, or no CAP_NET_ADMIN)', fix: 'modprobe nf_tables' };
  return { state: 'usable', detail: 'Linux root with namespaces, nftables and bubblewrap' };
}
