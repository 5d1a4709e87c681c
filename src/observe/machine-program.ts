/** The program that looks at a machine on which there is no Node yet: perl, which is there from the start. Reads only; decides nothing. */

/** Prints one line for each thing: its name, a tab, its value with `%`, tab and line end as `%XX`. Its arguments are programs to look for. */
export const MACHINE_PROGRAM = String.raw`
use strict; use warnings; use POSIX ();
sub put { my ($name, $value) = @_; $value =~ s/([%\t\r\n])/sprintf '%%%02X', ord $1/ge; print "$name\t$value\n" }
sub text { my ($path) = @_; open(my $fh, '<', $path) or return ''; local $/; my $text = <$fh>; return defined $text ? $text : '' }
put('uid', "$>");
put('user', $ENV{SUDO_USER} || (getpwuid($<))[0] || "uid $<");
my ($sys, undef, $kernel, undef, $machine) = POSIX::uname();
put('kernel', "$sys $kernel"); put('machine', $machine);
for (split /\n/, text('/etc/os-release')) { put("os.$1", $2) if /^(ID|ID_LIKE|VERSION_ID|PRETTY_NAME)="?(.*?)"?$/ }
my $init = text('/proc/1/comm'); chomp $init; put('init', $init);
put('booted', -d '/run/systemd/system' ? 'systemd' : '');
put('v2', text('/sys/fs/cgroup/cgroup.controllers'));
put('v1', join ' ', grep { -e "/sys/fs/cgroup/$_/cgroup.procs" } qw(memory pids cpu));
put('loops', -c '/dev/loop-control' ? '1' : '');
put('memory', $1) if text('/proc/meminfo') =~ /^MemTotal:\s+(\d+)/m;
for my $name (@ARGV) { for (qw(/usr/sbin /usr/bin /sbin /bin)) { if (-x "$_/$name") { put('program', $name); last } } }
my %owner;
for my $fd (glob '/proc/[0-9]*/fd/*') {
  my $to = readlink $fd; next unless defined $to && $to =~ /^socket:\[(\d+)\]/;
  next if $owner{$1}; my $inode = $1; my ($pid) = $fd =~ m{/proc/(\d+)}; my $name = text("/proc/$pid/comm"); chomp $name; $owner{$inode} = $name;
}
for my $table (qw(tcp tcp6)) {
  for (split /\n/, text("/proc/net/$table")) {
    my @field = split ' '; next unless @field > 9 && $field[3] eq '0A';
    my ($address, $port) = split /:/, $field[1];
    put('listens', "$address " . hex($port) . ' ' . ($owner{$field[9]} || '?'));
  }
}
put('end', '1');
`;
