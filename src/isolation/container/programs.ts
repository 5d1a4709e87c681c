/** Small constant programs that the engines' own command lines do not offer. All values come as arguments; none is built from text. */

import { ENDED } from '../os-user/programs.ts';

const STRICT = `use strict; use warnings; $ENV{PATH}='/usr/sbin:/usr/bin:/sbin:/bin'; $ENV{LC_ALL}='C';`;

/**
 * Top process of a container: `ENGINE NAME MARK GRACE ARG…` runs ENGINE with ARG and ends with its status. What an earlier run left under NAME is
 * deleted first where it carries MARK; another's container ends it with 78, which is not tried again. SIGTERM goes through the engine's client to
 * the gateway; GRACE seconds later the container is killed, since the client's own end would leave it running.
 */
export const RUN_CONTAINER = `${STRICT} use POSIX (); ${ENDED} my ($e,$name,$mark,$grace)=splice(@ARGV,0,4);
sub left { my $pid=open(my $h,'-|'); defined $pid or die "fork: $!\\n";
if(!$pid){ open(STDERR,'>','/dev/null'); exec {$e} $e,'container','inspect','--format','{{index .Config.Labels "org.bulkhead.mark"}}',$name or exit 127 }
local $/; my $t=<$h>; close $h or return; $t=~s/\\s+\\z//; return $t }
sub clear { my $was=left(); return if !defined $was; if($was ne $mark){ warn "container $name is somebody else's: $was\\n"; exit 78 }
open(my $out,'>&',\\*STDOUT); open(STDOUT,'>','/dev/null'); system($e,'container','rm','--force',$name)==0 or die "$e rm $name failed\\n"; open(STDOUT,'>&',$out) }
clear(); my $mask=POSIX::SigSet->new(POSIX::SIGTERM,POSIX::SIGINT); my $old=POSIX::SigSet->new; POSIX::sigprocmask(POSIX::SIG_BLOCK,$mask,$old);
my $child=fork; defined $child or die "fork: $!\\n";
if(!$child){ POSIX::sigprocmask(POSIX::SIG_SETMASK,$old); exec {$e} $e,@ARGV or die "$e: $!\\n" }
$SIG{TERM}=$SIG{INT}=sub { kill('TERM',$child); alarm $grace }; $SIG{ALRM}=sub { system($e,'container','kill',$name); alarm $grace };
POSIX::sigprocmask(POSIX::SIG_SETMASK,$old); my $got; while(($got=waitpid($child,0))<0){ $!{EINTR} or die "wait: $!\\n" }
my $how=$?; alarm 0; clear(); ended($how)`;

/** `DIRECTORY UID GID WORD…`, in a mount namespace of its own: gives the user DIRECTORY as memory that only this namespace has, and becomes the words. */
export const OWN_PLACE = `${STRICT} my ($d,$u,$g)=splice(@ARGV,0,3); my $how="mode=0700,uid=$u,gid=$g,size=32m,nosuid,nodev";
system('mount','-t','tmpfs','-o',$how,'tmpfs',$d)==0 or die "no memory for $d\\n"; exec {$ARGV[0]} @ARGV or die "$ARGV[0]: $!\\n"`;

/**
 * `FILE WORD…`, pid 1 of the namespaces around a rootless engine: runs the words, reaps whatever ends, and ends as they end. SIGTERM goes to the process that
 * the engine notes in FILE, so that the gateway can drain: Podman 4.3 itself would end at once, and take everything with it.
 */
export const FIRST_PROCESS = `${STRICT} my $file=shift @ARGV; my $child;
$SIG{TERM}=$SIG{INT}=sub { my $p; if(open(my $h,'<',$file)){ ($p)=(<$h>//'')=~/^([1-9]\\d*)/; close $h } kill('TERM',$p//$child) if defined($p//$child) };
$child=fork; defined $child or die "fork: $!\\n"; if(!$child){ $SIG{TERM}=$SIG{INT}='DEFAULT'; exec {$ARGV[0]} @ARGV or die "$ARGV[0]: $!\\n" }
while(1){ my $w=wait; next if $w<0 && $!{EINTR}; die "wait: $!\\n" if $w<0; exit($? & 127 ? 128+($? & 127) : $?>>8) if $w==$child }`;

const CLOSE_ABOVE_3 = `opendir(my $d,'/proc/self/fd') or die "fd: $!\\n"; my @f=grep { /^\\d+$/ && $_>3 } readdir $d; closedir $d; POSIX::close($_) for @f;`;

/** Joins the control groups of `$pid`, puts it where a word says `{container}` and becomes the words. */
const INTO_PID = `open(my $c,'<',"/proc/$pid/cgroup") or die "cgroup of $pid: $!\\n";
while(<$c>){ my ($k,$p)=/^\\d+:([^:]*):(\\/.+)$/ or next; $k=~s/^name=//; my $dir=$k eq '' ? (-e '/sys/fs/cgroup/cgroup.controllers' ? '' : '/unified') : "/$k";
my $f="/sys/fs/cgroup$dir$p/cgroup.procs"; next if !-e $f; my $h; open($h,'>',$f) && (print $h $$) && close($h) or die "$f: $!\\n" }
close $c; s/\\{container\\}/$pid/g for @ARGV; exec {$ARGV[0]} @ARGV or die "$ARGV[0]: $!\\n"`;

/**
 * `ENGINE NAME MARK WORD…`: waits until NAME runs, joins its control groups, puts the host pid of its first process where a word says `{container}`
 * and becomes the words. Descriptor 3, the listener, goes along and no later one: inside, a descriptor of the host's would be a way out.
 */
export const FORWARD_INTO = `${STRICT} use POSIX (); my ($e,$name,$mark)=splice(@ARGV,0,3); ${CLOSE_ABOVE_3}
my $pid; for(1..300){ my $p=open(my $h,'-|'); defined $p or die "fork: $!\\n";
if(!$p){ open(STDERR,'>','/dev/null'); exec {$e} $e,'container','inspect','--format','{{.State.Pid}} {{index .Config.Labels "org.bulkhead.mark"}}',$name or exit 127 }
my $l=<$h>; close $h; if(defined $l && $l=~/^([1-9]\\d*) (.*)$/ && $2 eq $mark){ $pid=$1; last } select(undef,undef,undef,0.2) }
defined $pid or die "container $name does not run\\n"; ${INTO_PID}`;

/**
 * `NAMESPACE UID WORD…`: the same for a container of UID's own engine, told by the kernel as in os-user/locator.ts: pid 1 of a third pid namespace that
 * has this user, this network namespace (its inode in /run/netns) and a child.
 */
export const FORWARD_INTO_ROOTLESS = `${STRICT} use POSIX (); my ($ns,$uid)=splice(@ARGV,0,2); ${CLOSE_ABOVE_3}
sub text { open(my $h,'<',$_[0]) or return ''; local $/; my $t=<$h>; return defined $t ? $t : '' }
my $pid; T: for(1..300){ my $i=(stat "/run/netns/$ns")[1]; opendir(my $all,'/proc') or die "/proc: $!\\n"; my @p=grep { /^\\d+$/ } readdir $all; closedir $all;
for my $p (@p){ my $s=text("/proc/$p/status"); next if $s!~/^NSpid:\\t\\d+\\t\\d+\\t1$/m || $s!~/^Uid:\\t$uid\\t$uid\\t$uid\\t$uid$/m;
my $n=readlink "/proc/$p/ns/net"; next if !defined $i || !defined $n || $n ne "net:[$i]" || text("/proc/$p/task/$p/children") eq ''; $pid=$p; last T } select(undef,undef,undef,0.2) }
defined $pid or die "the container in $ns does not run\\n"; ${INTO_PID}`;

/**
 * `FILE NAME UID [LINE]`: takes the lines of NAME and UID out of /etc/subuid or /etc/subgid and puts LINE at its end. Locked as the programs of shadow do it, by a
 * link to a file that holds a pid (lib/commonio.c), and replaced in one step.
 */
export const SET_RANGE = `${STRICT} umask 022; my ($f,$name,$uid,@add)=@ARGV; my ($mine,$lock,$new)=("$f.$$","$f.lock","$f+"); my $h;
open($h,'>',$mine) && (print $h "$$\\0") && close($h) or die "$mine: $!\\n"; my $got; for(1..100){ last if $got=link($mine,$lock); select(undef,undef,undef,0.1) } unlink $mine; $got or die "$f is locked: see $lock\\n";
my $ok=eval { my @all; if(open($h,'<',$f)){ @all=<$h>; close $h } elsif(!$!{ENOENT}){ die "$f: $!\\n" } chomp @all; my @keep=grep { my ($who)=split /:/; $who=defined $who ? $who : ''; $who ne $name && $who ne $uid } @all;
open($h,'>',$new) && (print $h map { "$_\\n" } @keep,@add) && close($h) && rename($new,$f) or die "$new: $!\\n"; 1 }; my $why=$@; unlink $lock; $ok or die $why`;
