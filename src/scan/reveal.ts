/**
 * What is mounted into a container may lie below a directory of the host that the container's own user cannot enter: `openclaw fleet` of root keeps
 * cells below /root. That user still reads it, in its container; here it is read as it is there, and nothing else below that directory.
 */

/**
 * `UID DIRECTORY… -- PROGRAM ARG…`, as root in a mount namespace of its own: above each directory that the user cannot reach, an empty file system
 * hides the first one that is closed to it, and the directory stays where it was. Then it becomes PROGRAM. A path with a link in it is left out.
 * `--no-canonicalize`: by its own path the directory is hidden by then.
 */
const REVEAL = `use strict; use warnings; use Fcntl qw(O_RDONLY O_DIRECTORY O_NOFOLLOW); umask 0;
my $uid=shift @ARGV; my @wanted; while(@ARGV){ my $word=shift @ARGV; last if $word eq '--'; push @wanted,$word }
sub run { system(@_)==0 or die "$_[0] failed\\n" }
my (@open,%closed);
for my $path (@wanted){ my ($at,$first)=('',undef); my @parts=grep { $_ ne '' } split m{/},$path; pop @parts;
for my $part (@parts){ $at.="/$part"; my @s=lstat $at; if(!@s || !(($s[2]&0001) || ($s[4]==$uid && $s[2]&0100))){ $first=$at; last } }
defined $first or next; sysopen(my $h,$path,O_RDONLY|O_DIRECTORY|O_NOFOLLOW) or next;
(readlink('/proc/self/fd/'.fileno($h))//'') eq $path or next; $closed{$first}=1; push @open,[$path,$h] }
for my $at (keys %closed){ run('mount','-t','tmpfs','-o','mode=0711','tmpfs',$at) }
for(@open){ my ($path,$h)=@$_; my $at=''; for my $part (grep { $_ ne '' } split m{/},$path){ $at.="/$part"; -d $at or mkdir $at,0711 or die "$at: $!\\n" }
run('mount','--no-canonicalize','--bind',"/proc/$$/fd/".fileno($h),$path) }
exec {$ARGV[0]} @ARGV or die "$ARGV[0]: $!\\n"`;

/** Words to put before a program that root starts for `uid`; none where nothing is mounted. */
export function revealing(uid: number, directories: readonly string[]): readonly string[] {
  const wanted = [...new Set(directories)].filter((path) => /^(?:\/[^/]+)+$/.test(path) && !/\/\.\.?(?:\/|$)/.test(path));
  if (wanted.length === 0) return [];
  return ['unshare', '--mount', '--propagation', 'private', '--', 'perl', '-e', REVEAL, String(uid), ...wanted, '--'];
}
