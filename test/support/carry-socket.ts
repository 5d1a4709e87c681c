/** Shows a socket of one mount namespace in another, as a careless bind mount would: open_tree(2), move_mount(2). Root only. */
import type { Trial } from './bulkhead.ts';

/** `FROM PATH TO TARGET`, processes whose mount namespaces are meant. The numbers of the system calls are the same on x86-64 and ARM, but setns. */
const CARRY = `use strict; use warnings; use POSIX (); my ($from,$path,$to,$target)=@ARGV; my %setns=(x86_64=>308,aarch64=>268); my $setns=$setns{(POSIX::uname())[4]};
open(my $its,'<',"/proc/$from/ns/mnt") or die; open(my $own,'<',"/proc/$to/ns/mnt") or die;
syscall($setns,fileno($its),0)==0 or die "setns: $!\\n"; my $tree=syscall(428,-100,$path,1); $tree>=0 or die "open_tree: $!\\n";
syscall($setns,fileno($own),0)==0 or die "setns: $!\\n"; my $empty=''; syscall(429,$tree,$empty,-100,$target,4)==0 or die "move_mount: $!\\n"`;

interface Carried {
  readonly from: number;
  readonly path: string;
  readonly to: number;
  readonly target: string;
}

/** Returns what takes it away again, for which umount(8) needs a /proc that it is in. */
export async function carrySocket(here: Trial, { from, path, to, target }: Carried): Promise<() => Promise<void>> {
  const run = async (...argv: [string, ...string[]]): Promise<void> => {
    const { exit, stderr } = await here.host(...argv);
    if (exit !== 0) throw new Error(`${argv[0]}: ${stderr}`);
  };
  await run('perl', '-e', CARRY, String(from), path, String(to), target);
  return async () => await run('nsenter', '-t', String(to), '--mount', '--pid', 'umount', target);
}
