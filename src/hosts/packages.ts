/** Which Debian package brings a program, for the hint of a missing one. Source: `dpkg -S` on Debian 12. */
const PACKAGES: Readonly<Record<string, string>> = {
  bwrap: 'bubblewrap',
  nft: 'nftables',
  ip: 'iproute2',
  ss: 'iproute2',
  bridge: 'iproute2',
  nsenter: 'util-linux',
  unshare: 'util-linux',
  setpriv: 'util-linux',
  prlimit: 'util-linux',
  findmnt: 'util-linux',
  flock: 'util-linux',
  mount: 'mount',
  umount: 'mount',
  useradd: 'passwd',
  userdel: 'passwd',
  usermod: 'passwd',
  getent: 'libc-bin',
  perl: 'perl-base',
  getfacl: 'acl',
  setfacl: 'acl',
  curl: 'curl',
  chromium: 'chromium',
  newuidmap: 'uidmap',
  systemctl: 'systemd',
  'systemd-analyze': 'systemd',
  journalctl: 'systemd',
  ssh: 'openssh-client',
  ps: 'procps',
  sysctl: 'procps',
};

/** The next command to type when `program` is missing. */
export function installHint(program: string): string {
  const name = program.slice(program.lastIndexOf('/') + 1);
  const known = PACKAGES[name];
  if (known !== undefined) return `apt-get install ${known}`;
  return `install ${name}, or make it reachable in /usr/sbin, /usr/bin, /sbin or /bin`;
}
