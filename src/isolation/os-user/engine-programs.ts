/** Small constant programs that put an engine into a tenant's boundary. All values come as arguments; none is built from text. perl-base is enough. */

const STRICT = `use strict; use warnings; use POSIX ();`;
const NUMBERS = `my %unshare=(x86_64=>272,aarch64=>97); my $unshare=$unshare{(POSIX::uname())[4]} or die "no table for this machine\\n";`;

/**
 * `UID GID FIRST COUNT CGROUPS GROUP M MOUNT… N ENGINE… GATEWAY…`, M words of arguments of mount(8), each call’s before a `--`, and N of ENGINE: root of the boundary, in its
 * namespaces. Starts ENGINE, which GROUP may ask, in a mount namespace of its own with those mounts, writes the map of the user namespace that it then makes (as newuidmap would, without a set-user-ID program: everything of the tenant keeps no_new_privs),
 * waits until it is ready and becomes GATEWAY.
 *
 * The mounts are root's, made before the user namespace: there they cannot be taken apart. A new /proc and /sys in a container may show no more than
 * one that is there already, and bubblewrap's /proc is partly covered: mount_namespaces(7), fs/namespace.c mount_too_revealing. Binds of bubblewrap carry
 * nosuid and nodev, which runc before 1.1.8 loses when it makes them read-only, and then may not: MOUNT binds such places without, for the engine
 * alone. runc wants the hierarchy of devices to be there, cgroups(7) version 1.
 */
export const START_ENGINE = `${STRICT} ${NUMBERS} my ($uid,$gid,$first,$count,$cgroups,$group,$n)=splice(@ARGV,0,7); my @mounts=splice(@ARGV,0,$n); my @engine=splice(@ARGV,0,shift @ARGV);
umask 022;
sub made { my ($d,$mode,$u,$g)=@_; mkdir $d,$mode or die "$d: $!\\n"; chown $u,$g,$d or die "$d: $!\\n" }
made('/run/engine',0710,$first,$group); made($_,0700,$first,$first) for '/run/containerd','/run/docker'; made($_,0755,0,0) for '/run/kernel',map { "/run/kernel/$_" } 'proc','sys','devices';
my $pid=fork; defined $pid or die "fork: $!\\n";
if(!$pid){ syscall($unshare,0x20000)==0 or die "unshare: $!\\n";
my $mount=sub { system('mount',@_)==0 or die "mount @_\\n" };
$mount->('--make-rprivate','/'); $mount->('-t','tmpfs','-o',"nosuid,nodev,uid=$first,gid=$first,mode=0700,size=65536",'tmpfs','/etc/docker');
$mount->('-t',$_,'-o',($_ eq 'sysfs' ? 'ro,' : '').'nosuid,nodev,noexec',$_,'/run/kernel/'.($_ eq 'sysfs' ? 'sys' : $_)) for 'proc','sysfs';
$mount->('-t','cgroup','-o','ro,nosuid,nodev,noexec,devices','cgroup','/run/kernel/devices') if $cgroups==1;
my @one; for(@mounts){ if($_ ne '--'){ push @one,$_; next } $mount->(@one); @one=() }
exec {$engine[0]} @engine or die "$engine[0]: $!\\n" }
sub within { my ($s,$what,$is)=@_; for(1..$s*50){ return if $is->(); waitpid($pid,POSIX::WNOHANG())==$pid and die "the engine ended before it $what\\n"; select(undef,undef,undef,0.02) } die "the engine has not $what within $s s\\n" }
my $own=readlink '/proc/self/ns/user'; within(30,'made its user namespace',sub { (readlink("/proc/$pid/ns/user") // $own) ne $own });
for(['uid_map',$uid],['gid_map',$gid]){ my ($file,$id)=@$_; my $map="0 $first $id\\n$id $id 1\\n".($id+1).' '.($first+$id).' '.($count-$id-1)."\\n";
my $h; open($h,'>',"/proc/$pid/$file") && syswrite($h,$map)==length $map && close($h) or die "$file: $!\\n" }
within(300,'loaded its image',sub { -e '/run/engine/ready' });
exec {$ARGV[0]} @ARGV or die "$ARGV[0]: $!\\n"`;

/**
 * `IMAGE TAG ARCHIVE ENGINE…`: once the engine answers, loads IMAGE from ARCHIVE where it does not have it, calls it TAG, and deletes sandboxes of
 * before, which might be of another image.
 */
export const KEEP_ENGINE = keep(
  '($image,$tag,$archive)',
  `$quiet->(1,'docker','image','inspect',$image) or $quiet->(0,'docker','load','--quiet','--input',$archive) or exit 1;
$quiet->(0,'docker','tag',$image,$tag) or exit 1; $quiet->(1,'docker',$_,'prune','--force') for 'container','image';`,
);

/**
 * `TAG ROOT RUNTIME ENGINE…`: gives the engine a program RUNTIME (its text), and an image that is called TAG and has nothing but the links of ROOT's first
 * level (`bin` to `usr/bin`): the rest of ROOT is mounted into its container.
 */
export const KEEP_LINKS = keep(
  '($tag,$root,$runtime)',
  `my $r; open($r,'>','/run/engine/runtime') && (print $r $runtime) && close($r) && chmod(0755,'/run/engine/runtime') or die "runtime: $!\\n"; opendir(my $d,$root) or die "$root: $!\\n"; my @links=sort grep { -l "$root/$_" } readdir $d; closedir $d; my $tar='/run/engine/links.tar';
$quiet->(0,'tar','--create',"--file=$tar",'-C',$root,'--',@links) && $quiet->(0,'docker','import',$tar,$tag) or exit 1; unlink $tar;`,
);

/**
 * Root of a new user namespace once its map is written, for as long as the boundary lives. Runs the engine and starts it again when it ends. `load`, of ours:
 * what comes before /run/engine/ready says that the gateway may start; `words`: the arguments before ENGINE.
 */
function keep(words: string, load: string): string {
  return `${STRICT} ${NUMBERS} my ${words}=splice(@ARGV,0,${words.split(',').length}); umask 022;
syscall($unshare,0x10020000)==0 or die "unshare: $!\\n";
sub text { open(my $h,'<',$_[0]) or return ''; local $/; my $t=<$h>; return $t // '' }
my $until=time+30; until(text('/proc/self/gid_map') ne ''){ time<$until or die "nobody wrote the map of ids\\n"; select(undef,undef,undef,0.02) }
POSIX::setgid(0) && POSIX::setuid(0) or die "root of the namespace: $!\\n";
my $loader=fork; defined $loader or die "fork: $!\\n";
if(!$loader){ my $quiet=sub { my $p=fork; if(!$p){ open(STDOUT,'>','/dev/null'); open(STDERR,'>','/dev/null') if shift; exec {$_[0]} @_ or POSIX::_exit(127) } waitpid($p,0); return $?==0 };
for(1..600){ last if $quiet->(1,'docker','version'); select(undef,undef,undef,0.1) }
${load} open(my $h,'>','/run/engine/ready') or die "ready: $!\\n"; exit 0 }
my $pause=1; for(;;){ my $began=time; unlink '/run/engine/pid'; my $pid=fork; defined $pid or die "fork: $!\\n";
if(!$pid){ exec {$ARGV[0]} @ARGV or die "$ARGV[0]: $!\\n" }
while((my $ended=wait)!=$pid){ $ended==$loader && $? and die "the image could not be loaded\\n" } warn "the engine ended with status ".($? >> 8).", signal ".($? & 127)."\\n";
$pause=time-$began>60 ? 1 : $pause<16 ? $pause*2 : 30; sleep $pause }`;
}
