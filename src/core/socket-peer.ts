/**
 * Asks the kernel who listens on a Unix socket: `PATH`, prints process and user id as they are seen from here, 0 for a process that is not. Node has no
 * getsockopt. unix(7), SO_PEERCRED; its number is asm-generic's, which x86 and ARM have.
 */
export const SOCKET_PEER = `use strict; use warnings; use Socket; socket(my $s,PF_UNIX,SOCK_STREAM,0) or die "$!\\n";
connect($s,sockaddr_un($ARGV[0])) or die "$!\\n"; my ($pid,$uid)=unpack('iI',getsockopt($s,SOL_SOCKET,17) // die "$!\\n"); print "$pid $uid\\n"`;
