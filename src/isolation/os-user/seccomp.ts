/**
 * A small deny-list in classic BPF for what namespaces do not cover: AF_VSOCK (reaches the hypervisor from any network namespace)
 * and other rare socket families, kernel keyrings, io_uring (makes sockets behind a filter's back), bpf, perf, userfaultfd, foreign ABIs.
 */

/** Linux system call numbers: arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h. */
const ABIS = {
  // The keyctl family; perf_event_open, bpf, userfaultfd; clone and unshare.
  x64: { audit: 0xc000003e, seccomp: 317, socket: 41, keys: [248, 249, 250], denied: [298, 321, 323], clones: [56, 272] },
  arm64: { audit: 0xc00000b7, seccomp: 277, socket: 198, keys: [217, 218, 219], denied: [241, 280, 282], clones: [220, 97] },
} as const;

const LOAD = 0x20;
const JUMP_EQUAL = 0x15;
const JUMP_AT_LEAST = 0x35;
const JUMP_SET = 0x45;
const RETURN = 0x06;
/** Offsets in struct seccomp_data. */
const NUMBER = 0;
const ARCH = 4;
const FIRST_ARGUMENT = 16;
const ALLOW = 0x7fff0000;
const ERRNO = 0x50000;
const EPERM = 1;
const ENOSYS = 38;
const EAFNOSUPPORT = 97;
/** x32 system calls carry this bit. */
const X32 = 0x40000000;
const IO_URING = [425, 426, 427];
const CLONE3 = 435;
const CLONE_NEWUSER = 0x10000000;
/** AF_UNIX, AF_INET, AF_INET6, AF_NETLINK (os.networkInterfaces needs it). */
const FAMILIES = [1, 2, 10, 16];

export interface Seccomp {
  /** Number of the seccomp system call. */
  readonly number: number;
  /** struct sock_filter array, little-endian, hex. */
  readonly hex: string;
}

interface Needs {
  /** Chromium's own sandbox needs them, and an engine; others do not get them. */
  readonly userNamespaces: boolean;
  /** runc goes on without keyrings where the kernel has none, and stops where they are refused. */
  readonly keyrings?: 'absent';
}

/** `arch` in Node's words. */
export function seccompFilter(arch: string, { userNamespaces, keyrings }: Needs): Seccomp {
  if (arch !== 'x64' && arch !== 'arm64') throw new Error(`no system call table for ${arch}`);
  const abi = ABIS[arch];
  const program: string[] = [];
  const add = (code: number, value: number, whenTrue = 0, whenFalse = 0): number => program.push(instruction(code, whenTrue, whenFalse, value));
  const refuse = (errno: number): number => add(RETURN, ERRNO | errno);
  add(LOAD, ARCH);
  add(JUMP_EQUAL, abi.audit, 1, 0);
  refuse(ENOSYS);
  add(LOAD, NUMBER);
  add(JUMP_AT_LEAST, X32, 0, 1);
  refuse(ENOSYS);
  const deny = (number: number, errno: number): void => {
    add(JUMP_EQUAL, number, 0, 1);
    refuse(errno);
  };
  for (const number of IO_URING) deny(number, ENOSYS);
  for (const number of abi.keys) deny(number, keyrings === 'absent' ? ENOSYS : EPERM);
  for (const number of abi.denied) deny(number, EPERM);
  if (!userNamespaces) {
    // clone3 hides its flags behind a pointer; with ENOSYS the C library falls back to clone.
    deny(CLONE3, ENOSYS);
    for (const number of abi.clones) {
      add(JUMP_EQUAL, number, 0, 4);
      add(LOAD, FIRST_ARGUMENT);
      add(JUMP_SET, CLONE_NEWUSER, 0, 1);
      refuse(EPERM);
      add(RETURN, ALLOW);
    }
  }
  add(JUMP_EQUAL, abi.socket, 1, 0);
  add(RETURN, ALLOW);
  add(LOAD, FIRST_ARGUMENT);
  for (const family of FAMILIES) {
    add(JUMP_EQUAL, family, 0, 1);
    add(RETURN, ALLOW);
  }
  refuse(EAFNOSUPPORT);
  return { number: abi.seccomp, hex: program.join('') };
}

function instruction(code: number, whenTrue: number, whenFalse: number, value: number): string {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16LE(code, 0);
  bytes.writeUInt8(whenTrue, 2);
  bytes.writeUInt8(whenFalse, 3);
  bytes.writeUInt32LE(value >>> 0, 4);
  return bytes.toString('hex');
}
