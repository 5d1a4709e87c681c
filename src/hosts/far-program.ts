/**
 * The program at the far end of a connection: starts commands and carries their input and output, many at a time, over its own stdin and stdout.
 * Perl, because perl-base is essential in Debian and Ubuntu: a fresh machine has it, long before it has Node. It leaves nothing behind.
 */

/** What the login shell there is told: nothing in it comes from a command. It reads the program itself, `length` bytes, from stdin. */
export function loader(length: number): string {
  return `perl -e 'my $p = ""; while (length($p) < ${length}) { sysread(STDIN, $p, ${length} - length($p), length($p)) or exit 71 } eval $p; die $@ if $@'`;
}

/** Seconds without a word from the client (which sends a beat every few) after which it is gone, and its commands are ended. */
export const FAR_SILENCE_SECONDS = 20;

/** `greeting` is what it says first, so that what a login script printed before is told apart. */
export function farProgram(greeting: string): string {
  if (!/^[A-Za-z0-9-]+$/.test(greeting)) throw new Error('a greeting is letters and digits');
  return SOURCE.replace('GREETING', greeting).replace('SILENCE', String(FAR_SILENCE_SECONDS));
}

/**
 * Each command is leader of a session, hence a process group, of its own. `in` is input not yet taken by it, `room` what of each output is still
 * sent (the rest is dropped), `exit` its wait status. `select` comes back at once when a child ends; the short naps are for the rare signal that
 * arrives just before it.
 */
const SOURCE = String.raw`
use strict; use warnings; no warnings 'exec'; use POSIX (); use Fcntl; use Errno qw(EAGAIN EINTR);
$^F = 2; umask 022; chdir '/'; $SIG{PIPE} = 'IGNORE'; $SIG{CHLD} = sub {}; $SIG{HUP} = $SIG{INT} = $SIG{TERM} = 'IGNORE';
my ($in, $out, %run, $ending) = ('', "\nGREETING $>\n");
my $tick = POSIX::sysconf(POSIX::_SC_CLK_TCK());
my $heard = now();
quiet(*STDOUT);
# Time::HiRes is not in perl-base; times(2) counts on when the clock is set.
sub now { (POSIX::times())[0] / $tick }
sub say_frame { my ($kind, $id, $text) = @_; $out .= $kind . pack('NN', $id, length $text) . $text }
sub quiet { my ($fh) = @_; fcntl($fh, F_SETFL, fcntl($fh, F_GETFL, 0) | O_NONBLOCK) }
sub signal_group { my ($c, $name) = @_; kill $name, -$c->{pid} }

sub start {
  my ($id, $text) = @_;
  my ($room, $more, $count, @rest) = unpack '(N/a*)*', $text;
  my @argv = splice @rest, 0, $count;
  pipe(my $to, my $stdin) && pipe(my $stdout, my $from) && pipe(my $stderr, my $errors) && pipe(my $told, my $tell)
    or return say_frame('F', $id, pack 'N', $!);
  my $pid = fork;
  return say_frame('F', $id, pack 'N', $!) unless defined $pid;
  if ($pid == 0) {
    POSIX::setsid();
    $SIG{$_} = 'DEFAULT' for qw(PIPE CHLD HUP INT TERM);
    POSIX::dup2(fileno $to, 0); POSIX::dup2(fileno $from, 1); POSIX::dup2(fileno $errors, 2);
    %ENV = @rest;
    exec { $argv[0] } @argv;
    syswrite $tell, pack 'N', $!;
    POSIX::_exit(127);
  }
  close $_ for $to, $from, $errors, $tell;
  my $errno = '';
  while (!defined sysread $told, $errno, 4) { last unless $! == EINTR }
  if (length $errno) { waitpid $pid, 0; return say_frame('F', $id, $errno) }
  quiet($_) for $stdin, $stdout, $stderr;
  $run{$id} = { pid => $pid, stdin => $stdin, in => '', O => $stdout, S => $stderr, room => { O => $room, S => $more }, naps => 0 };
}

sub end_input { my ($c) = @_; close $c->{stdin} if $c->{stdin}; delete $c->{stdin} }

sub stop { my ($c) = @_; return if $c->{killed}; $c->{killed} = 1; signal_group($c, 'TERM'); $c->{kill_at} = now() + 2 }

sub take {
  my ($kind, $id, $text) = @_;
  return say_frame('B', 0, '') if $kind eq 'B';
  return start($id, $text) if $kind eq 'R';
  my $c = $run{$id} or return;
  if ($kind eq 'I') { if ($c->{stdin}) { $c->{in} .= $text } else { say_frame('C', $id, pack 'N', length $text) } }
  elsif ($kind eq 'E') { $c->{last} = 1; end_input($c) if $c->{in} eq '' }
  elsif ($kind eq 'K') { stop($c) }
}

sub feed {
  my ($id, $c) = @_;
  my $done = syswrite $c->{stdin}, $c->{in};
  return if !defined $done && ($! == EAGAIN || $! == EINTR);
  my $broken = !defined $done;
  $done = length $c->{in} if $broken;
  substr($c->{in}, 0, $done) = '';
  say_frame('C', $id, pack 'N', $done);
  end_input($c) if $broken || ($c->{last} && $c->{in} eq '');
}

sub drain {
  my ($id, $c, $kind) = @_;
  my $got = sysread $c->{$kind}, my $text, 65536;
  return if !defined $got && ($! == EAGAIN || $! == EINTR);
  if (!$got) { close $c->{$kind}; delete $c->{$kind}; return }
  my $room = $c->{room}{$kind};
  return if $room eq '0';
  if ($room ne 'all') { $text = substr $text, 0, $room; $c->{room}{$kind} -= length $text }
  say_frame($kind, $id, $text);
}

sub settle {
  my ($id, $c) = @_;
  if ($c->{killed} && $c->{kill_at} && now() >= $c->{kill_at}) { delete $c->{kill_at}; signal_group($c, 'KILL') }
  if (!defined $c->{exit} && waitpid($c->{pid}, POSIX::WNOHANG()) == $c->{pid}) {
    $c->{exit} = $?;
    $c->{close_at} = now() + 0.5;
    signal_group($c, 'KILL') if $c->{killed};
  }
  return if !defined $c->{exit} || (($c->{O} || $c->{S}) && now() < $c->{close_at});
  say_frame('X', $id, pack 'N', $c->{exit});
  delete $run{$id};
}

sub hang_up { return if $ending; $ending = now() + 3; $out = ''; stop($_) for values %run }

while (1) {
  my ($r, $w) = ('', '');
  vec($r, 0, 1) = 1 unless $ending;
  vec($w, 1, 1) = 1 if length $out && !$ending;
  my $full = length $out > 1048576 && !$ending;
  my $nap = 1;
  for my $c (values %run) {
    vec($w, fileno $c->{stdin}, 1) = 1 if $c->{stdin} && $c->{in} ne '';
    unless ($full) { for (qw(O S)) { vec($r, fileno $c->{$_}, 1) = 1 if $c->{$_} } }
    my $own = !$c->{O} && !$c->{S} && $c->{naps}++ < 200 ? 0.001 : 0.1;
    $nap = $own if $own < $nap;
  }
  my $ready = select $r, $w, undef, $nap;
  ($r, $w) = ('', '') if $ready < 0;
  if (vec $r, 0, 1) {
    my $got = sysread STDIN, $in, 262144, length $in;
    if ($got) { $heard = now() } elsif (defined $got || ($! != EINTR && $! != EAGAIN)) { hang_up() }
    while (!$ending && length $in >= 9) {
      my ($kind, $id, $length) = unpack 'a1NN', $in;
      last if length $in < 9 + $length;
      take($kind, $id, substr $in, 9, $length);
      substr($in, 0, 9 + $length) = '';
    }
  }
  hang_up() if now() - $heard > SILENCE;
  if (vec $w, 1, 1) {
    my $done = syswrite STDOUT, $out;
    if (defined $done) { substr($out, 0, $done) = '' } elsif ($! != EAGAIN && $! != EINTR) { hang_up() }
  }
  for my $id (keys %run) {
    my $c = $run{$id};
    feed($id, $c) if $c->{stdin} && vec $w, fileno $c->{stdin}, 1;
    for (qw(O S)) { drain($id, $c, $_) if $c->{$_} && vec $r, fileno $c->{$_}, 1 }
    settle($id, $c);
  }
  if ($ending) {
    $out = '';
    if (!%run || now() > $ending) { signal_group($_, 'KILL') for values %run; exit 0 }
  }
}
`;
