/** Small constant programs that no standard tool offers. All values come as arguments; none is built from text. perl-base is enough. */

const STRICT = `use strict; use warnings; $ENV{PATH}='/usr/sbin:/usr/bin:/sbin:/bin'; $ENV{LC_ALL}='C';`;

/** Joins control groups: `FILE… --`, each a cgroup.procs. */
const JOIN = `while(@ARGV){ my $f=shift @ARGV; last if $f eq '--'; my $h; open($h,'>',$f) && (print $h $$) && close($h) or die "$f: $!\\n" }`;

/**
 * Joins, then becomes the rest: `LASTFD FILE… -- PROGRAM ARG…`. No descriptor above LASTFD goes along: inside, a descriptor of the
 * host's would be a way out.
 */
export const JOIN_AND_EXEC = `${STRICT} use POSIX (); my $last=shift @ARGV;
opendir(my $d,'/proc/self/fd') or die "fd: $!\\n"; my @f=grep { /^\\d+$/ && $_>$last } readdir $d; closedir $d; POSIX::close($_) for @f;
${JOIN} exec {$ARGV[0]} @ARGV or die "$ARGV[0]: $!\\n"`;

/**
 * `ended(STATUS)` exits as a gateway did that ended with this wait status. On a machine that is too busy a gateway gives up while it starts, with the exit of a
 * wrong configuration, which is not tried again (openclaw 2026.9.6: a lease has to be ready in 5 s): where it says so in what its log got since,
 * that is 75, a failure that passes (sysexits.h).
 */
export const ENDED = `my $from=-f STDOUT ? -s _ : 0; sub ended { my $exit=$_[0] & 127 ? 128+($_[0] & 127) : $_[0]>>8;
if($exit==78 && -f STDOUT && open(my $log,'<','/proc/self/fd/1')){ my $now=-s $log; seek($log,$now<$from ? 0 : $now-$from>65536 ? $now-65536 : $from,0);
local $/; my $said=<$log>; $exit=75 if defined $said && $said=~/state lease heartbeat did not become ready/ } exit $exit }`;

/**
 * Top process of a boundary: joins control groups, runs the rest as its child, which dies with it (PR_SET_PDEATHSIG), and ends
 * with the child's status. SIGTERM goes to the gateway alone, so that it can drain: pid 1 inside belongs to bubblewrap and would
 * ignore it. `{cgroup}` in an argument is the directory of the control group it was started in (cgroup v2).
 */
export const RUN_BOUNDARY = runTop('map { kids($_) } kids($child)');

/** The same where an engine's children become pid 1's: the gateway's own is the oldest. proc(5), `children`. */
export const RUN_WITH_ENGINE = runTop('map { (kids($_))[0] } kids($child)');

/** The same where pid 1 inside takes SIGTERM itself. */
export const RUN_UNDER_FIRST = runTop('kids($child)');

/** `gateway`: a Perl expression of ours, whom SIGTERM goes to. */
function runTop(gateway: string): string {
  return `${STRICT} use POSIX (); umask 022; ${JOIN} ${ENDED}
my $cg='/sys/fs/cgroup'; if(open(my $h,'<','/proc/self/cgroup')){ while(<$h>){ $cg.=$1 if /^0::(\\/.+)$/ } }
s/\\{cgroup\\}/$cg/g for @ARGV;
my %prctl=(x86_64=>157,aarch64=>167); my $nr=$prctl{(POSIX::uname())[4]} or die "no table for this machine\\n";
my $mask=POSIX::SigSet->new(POSIX::SIGTERM,POSIX::SIGINT); my $old=POSIX::SigSet->new; POSIX::sigprocmask(POSIX::SIG_BLOCK,$mask,$old);
my $parent=$$; my $child=fork; defined $child or die "fork: $!\\n";
if(!$child){ syscall($nr,1,9,0,0,0); getppid()==$parent or exit 1; POSIX::sigprocmask(POSIX::SIG_SETMASK,$old); exec {$ARGV[0]} @ARGV or die "$ARGV[0]: $!\\n" }
sub kids { open(my $h,'<',"/proc/$_[0]/task/$_[0]/children") or return (); my $l=<$h>; return defined $l ? $l=~/\\d+/g : () }
$SIG{TERM}=$SIG{INT}=sub { my @g=${gateway}; kill('TERM',@g ? @g : $child) };
POSIX::sigprocmask(POSIX::SIG_SETMASK,$old);
while(waitpid($child,0)<0){ $!{EINTR} or die "wait: $!\\n" }
ended($?)`;
}

/** `NUMBER HEX PROGRAM ARG…`: loads a seccomp program with system call NUMBER, then becomes PROGRAM. seccomp(2), struct sock_fprog. */
export const LOAD_SECCOMP = `use strict; use warnings; my ($nr,$hex)=splice(@ARGV,0,2); umask 077; my $f=pack('H*',$hex); my $p=pack('Sx6P',length($f)/8,$f);
syscall($nr,1,0,$p)==0 or die "seccomp: $!\\n"; exec {$ARGV[0]} @ARGV or die "$ARGV[0]: $!\\n"`;

/**
 * `DIRECTORY INSTANCE`: switches forwarding off where the note of this instance says that it was, and no other's does, and takes the note away. Whoever
 * writes one meanwhile waits. A name is one of a network interface: netdevice(7).
 */
export const GIVE_BACK_UPLINKS = `${STRICT} use Fcntl ':flock'; my($dir,$own)=@ARGV; my $l; open($l,'<',$dir) && flock($l,LOCK_EX) or die "$dir: $!\\n";
sub names { open(my $h,'<',"$dir/$_[0]") or return (); map { /^([^\\/\\s]{1,15})$/ && !/^\\.\\.?$/ ? $1 : () } <$h> }
opendir(my $d,$dir) or die "$dir: $!\\n"; my %kept=map { $_=>1 } map { names($_) } grep { !/^\\./ && $_ ne $own } readdir $d;
for(grep { !$kept{$_} } names($own)){ my $f="/proc/sys/net/ipv4/conf/$_/forwarding"; next if !-e $f; my $h; open($h,'>',$f) && (print $h "0\\n") && close($h) or die "$f: $!\\n" }
unlink("$dir/$own") or $!{ENOENT} or die "$dir/$own: $!\\n"`;

const LIST = `sub listing { open(my $h,'-|','nft','-s','list','table','inet',$_[0]) or die "nft: $!\\n"; local $/; my $t=<$h>; close($h) or exit 1; $t }`;

/** `DIRECTORY TABLE`: loads table.nft and records what the kernel then holds. One at a time. */
export const LOAD_FIREWALL = `${STRICT} use Fcntl ':flock'; umask 077; ${LIST} my ($d,$t)=@ARGV;
open(my $l,'>>',"$d/lock") or die "$d/lock: $!\\n"; flock($l,LOCK_EX) or die "lock: $!\\n";
chdir $d or die "$d: $!\\n"; system('nft','-f','table.nft')==0 or exit 1; my $now=listing($t);
my $h; open($h,'>',"$d/loaded.new") && (print $h $now) && close($h) && rename("$d/loaded.new","$d/loaded") or die "$d/loaded: $!\\n"`;

/** `DIRECTORY TABLE`: exits 0 when the kernel holds exactly what was loaded. */
export const CHECK_FIREWALL = `${STRICT} ${LIST} my ($d,$t)=@ARGV; open(my $h,'<',"$d/loaded") or exit 1; local $/; my $was=<$h>; exit(listing($t) eq $was ? 0 : 1)`;

/**
 * `NOTE FILE`: exits 0 where NOTE is; otherwise runs FILE, one command a line, to the first that fails. A line is exit codes, standard input
 * and argv, words apart by a space and percent-encoded (`encodeURIComponent`).
 */
export const REBUILD = `${STRICT} my ($note,$file)=@ARGV; exit 0 if -e $note; umask 022; local $SIG{PIPE}='IGNORE'; open(my $list,'<',$file) or die "$file: $!\\n";
while(<$list>){ chomp; my ($ok,$in,@argv)=map { s/%([0-9A-Fa-f]{2})/chr hex $1/ger } split / /,$_,-1;
my $pid=open(my $to,'|-'); defined $pid or die "fork: $!\\n"; if(!$pid){ open(STDOUT,'>','/dev/null'); exec {$argv[0]} @argv or die "$argv[0]: $!\\n" }
print $to $in; close $to; my $exit=$? & 127 ? -1 : $?>>8; grep { $_==$exit } split /,/,$ok or die "ended with $exit: @argv\\n" }`;

/** `DIRECTORY…`: removes control groups, waiting a little for the last process to be gone. */
export const REMOVE_CGROUPS = `${STRICT} D: for my $d (@ARGV){ for(1..50){ next D if rmdir $d or !-d $d; select(undef,undef,undef,0.1) } die "$d: $!\\n" }`;

/** `IMAGE`: waits a little until no loop device has this file behind it. sysfs(5). */
export const AWAIT_DETACHED = `${STRICT} use Cwd (); my ($image)=@ARGV; my $path=Cwd::realpath($image); my $has='';
for(1..50){ $has=''; for my $f (glob('/sys/block/loop*/loop/backing_file')){ open(my $h,'<',$f) or next; my $b=<$h>//''; chomp $b; $has=$f if $b eq $path }
exit 0 if $has eq ''; select(undef,undef,undef,0.1) } $has=~m{(loop\\d+)}; die "/dev/$1 still has $image: something keeps a file in it open\n"`;

/** Accepts on descriptor 3, a listener of the host's network namespace, and connects inside. No path is involved, so nothing can be swapped. */
export const FORWARD = `const net=require("node:net"),port=Number(process.argv[1]);
const s=net.createServer({allowHalfOpen:true,noDelay:true},c=>{const g=net.connect({host:"127.0.0.1",port,allowHalfOpen:true,noDelay:true});
c.pipe(g).pipe(c);for(const [a,b] of [[c,g],[g,c]])a.on("error",()=>b.destroy()).on("close",()=>b.destroySoon())});
s.maxConnections=512;s.listen({fd:3})`;
