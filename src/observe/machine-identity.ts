/**
 * What tells a machine from another one, and what else serves on it. Travels with the collector of the machine; reads the kernel's and root's files
 * only. Source: machine-id(5), proc(5), namespaces(7), systemd-detect-virt(1); include/linux/proc_ns.h (the first process namespace).
 */
import { createHash, createHmac } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { totalmem } from 'node:os';
import { GATEWAY_NAME, isGatewayCommand } from '../openclaw/discovery.ts';

export interface GatewaySeen {
  readonly pid: number;
  readonly uid: number;
  /** Inode; absent where only root may see it. */
  readonly pidNamespace?: string;
}

export interface IdentitySeen {
  /** Digest of its machine id, which is not to leave the machine itself. */
  readonly machineId?: string;
  /** Fingerprints of the keys by which its sshd is known. */
  readonly hostKeys: readonly string[];
  /** What it is where it is no machine of its own, e.g. `docker`. */
  readonly container?: string;
  /** Every OpenClaw gateway on it, whosever. */
  readonly gateways: readonly GatewaySeen[];
  readonly memoryBytes: number;
}

/** PROC_PID_INIT_INO: the kernel numbers no other process namespace so. */
const FIRST_PROCESSES = 'pid:[4026531836]';
const SSH = '/etc/ssh';

export function machineIdentity(): IdentitySeen {
  const id = textOf('/etc/machine-id')?.trim();
  const container = containerName();
  return {
    // As sd_id128_get_machine_app_specific(3) does it.
    ...(id === undefined || !/^[0-9a-f]{32}$/.test(id)
      ? {}
      : { machineId: createHmac('sha256', Buffer.from(id, 'hex')).update('bulkhead').digest('hex').slice(0, 32) }),
    hostKeys: hostKeys(),
    ...(container === undefined ? {} : { container }),
    gateways: gateways(),
    memoryBytes: totalmem(),
  };
}

/** In the order of systemd-detect-virt(1); last, what no container can hide from its own processes. */
function containerName(): string | undefined {
  for (const path of ['/run/host/container-manager', '/run/systemd/container']) {
    const name = textOf(path)?.trim();
    if (name !== undefined && name !== '') return name.slice(0, 60);
  }
  const init = /(?:^|\0)container=([^\0]+)/.exec(textOf('/proc/1/environ') ?? '')?.[1];
  if (init !== undefined) return init.slice(0, 60);
  if (existsSync('/run/.containerenv')) return 'podman';
  if (existsSync('/.dockerenv')) return 'docker';
  return readlinkSync('/proc/self/ns/pid') === FIRST_PROCESSES ? undefined : 'a process namespace below the kernel’s first';
}

/** Of public halves: 32 bytes of SHA-256 in base64 without its padding, as ssh-keygen(1) prints it. */
function hostKeys(): readonly string[] {
  const names = existsSync(SSH) ? readdirSync(SSH).filter((name) => /^ssh_host_\w+_key\.pub$/.test(name)) : [];
  const prints = names.flatMap((name) => {
    const blob = textOf(`${SSH}/${name}`)?.split(' ')[1];
    return blob === undefined ? [] : [`SHA256:${createHash('sha256').update(Buffer.from(blob, 'base64')).digest('base64').replace(/=+$/, '')}`];
  });
  return prints.toSorted();
}

function gateways(): readonly GatewaySeen[] {
  return readdirSync('/proc').flatMap((pid): GatewaySeen[] => {
    if (!/^\d+$/.test(pid) || !isGateway(pid)) return [];
    const uid = /^Uid:\t(\d+)/m.exec(textOf(`/proc/${pid}/status`) ?? '')?.[1];
    const namespace = linkOf(`/proc/${pid}/ns/pid`);
    // Without one it ended meanwhile.
    return uid === undefined ? [] : [{ pid: Number(pid), uid: Number(uid), ...(namespace === undefined ? {} : { pidNamespace: namespace }) }];
  });
}

/** By the name that it gives itself; in OpenClaw's own image it gives itself none, and its command line says so. */
function isGateway(pid: string): boolean {
  if (textOf(`/proc/${pid}/comm`) === `${GATEWAY_NAME}\n`) return true;
  const [program = '', ...words] = (textOf(`/proc/${pid}/cmdline`) ?? '').split('\0');
  return /(?:^|\/)node$/.test(program) && isGatewayCommand(words.slice(0, 2));
}

function textOf(path: string): string | undefined {
  return present(() => readFileSync(path, 'utf8'));
}

function linkOf(path: string): string | undefined {
  return present(() => readlinkSync(path))?.match(/\d+/)?.[0];
}

/** EACCES: /proc/1/environ is root's; the other signs are everybody's. */
function present<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'ENOTDIR', 'EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
