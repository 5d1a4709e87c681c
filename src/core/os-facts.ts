/** What an operating system knows of tenants and of their host: accounts, services, what surrounds a gateway, its install, code and backups. */

export interface Group {
  readonly name: string;
  readonly gid: number;
}

/** Who owns a file or directory and what its bits allow. */
export interface OwnedPlace {
  readonly path: string;
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
}

/** Every directory on the way to a place, from `/`, and the place itself last. */
export type Way = readonly OwnedPlace[];

/** Whoever is in one of them is root when it wants to be: groups of sudo and polkit, of container engines, of raw disks and of password hashes. */
export const ROOT_GROUPS: readonly string[] = [
  'sudo',
  'wheel',
  'admin',
  'docker',
  'podman',
  'lxd',
  'incus-admin',
  'libvirt',
  'disk',
  'kvm',
  'shadow',
];

export interface AccountFact {
  readonly name: string;
  readonly uid: number;
  /** Its own group and those that the group database adds. */
  readonly groups: readonly Group[];
  /** Rules by which it becomes root, as `file:line`. */
  readonly rootRules: readonly string[];
  /** Whether its own service manager runs while nobody is logged in: loginctl(1). */
  readonly lingers: boolean;
  /** What a clock starts for it, as `file:line`: outside whatever boundary its gateway has. */
  readonly schedules: readonly string[];
  /** Ids of the host that it may become by newuidmap(1) or newgidmap(1); `where`: `file:line`. Absent where those files were not looked at. */
  readonly subordinate?: readonly { readonly kind: 'users' | 'groups'; readonly first: number; readonly count: number; readonly where: string }[];
}

/** An SSH key: one that an account lets in (`accepts`), or whose private half it has (`holds`). */
export interface LoginKey {
  readonly kind: 'accepts' | 'holds';
  /** `SHA256:…` as ssh-keygen(1) prints it. */
  readonly fingerprint: string;
  readonly location: string;
}

/** An account that is root or may become it, e.g. `alice` by `group sudo`. */
export interface Administrator {
  readonly name: string;
  readonly how: string;
}

export interface HostAccounts {
  readonly administrators: readonly Administrator[];
  readonly rootKeys: readonly LoginKey[];
  /** Settings of sshd by which one file lets several accounts in, e.g. `AuthorizedKeysFile /etc/ssh/keys`. */
  readonly commonLogin: readonly string[];
}

/** What a clock starts as `openclaw`, as `file:line`, and whether the line says for which tenant. */
export interface ScheduleFact {
  readonly where: string;
  readonly selects: boolean;
}

export interface MachineFact {
  /** kernel.yama.ptrace_scope; `absent` in a kernel without Yama, which is like 0. */
  readonly ptraceScope: string;
  /** Backings of the host's own /tmp and /dev/shm. */
  readonly tmp: string;
  readonly shm: string;
  /** Programs that run commands on the host for somebody elsewhere, by their usual names. */
  readonly managementAgents: readonly string[];
  /** Digest of its machine id: two with one are the same machine, or one is a copy of the other. */
  readonly machineId?: string;
  /** Fingerprints (`SHA256:…`) of the keys by which its sshd is known. */
  readonly hostKeys: readonly string[];
  /** What it is where it is no machine of its own, e.g. `docker`. */
  readonly container?: string;
  /** Every OpenClaw gateway on it, whosever; with the inode of its process namespace, where that is visible. */
  readonly gateways: readonly { readonly pid: number; readonly uid: number; readonly pidNamespace?: string }[];
  readonly memoryBytes: number;
}

/** What a gateway's process has around it, as the kernel sees it. */
export interface SurroundingsFact {
  /** Of the /proc that it sees: `0` (open), `1`, `2` or `4`; proc(5). And the group exempt from it. */
  readonly hidepid: string;
  readonly procGid?: number;
  /** Backing of what it sees at /tmp and /dev/shm; absent where nothing is there. */
  readonly tmp?: string;
  readonly shm?: string;
  /** Names in the host's /tmp that OpenClaw takes for this user, and who has them; null: nobody yet. */
  readonly takenNames: readonly { readonly path: string; readonly uid: number | null }[];
  /** Sockets of container engines that it sees and may open; the engines are not in its own namespace of processes, or it is not known where. */
  readonly engineSockets: readonly string[];
  /** The same of engines that run there, and there alone: its own. */
  readonly ownEngines: readonly string[];
  /** The least limit on the way up its control groups; null: none. */
  readonly memoryBytes: number | null;
  readonly pids: number | null;
  readonly cpus: number | null;
  /** The file system on which it sees its tenant's tree; absent where nobody declared where that is. */
  readonly disk?: DiskFact;
}

/** `device` is `major:minor`. */
export interface DiskFact {
  readonly device: string;
  readonly fileSystem: string;
  /** Of a block device: how much of it there is. */
  readonly bytes?: number;
  /** The file that is behind a loop device. */
  readonly image?: string;
}

/** Who keeps a gateway running. */
export interface ServiceFact {
  /** Its unit; absent when systemd does not run it. */
  readonly unit?: string;
  /** `system`, or `user <uid>` for a user's own manager; absent without a unit. */
  readonly manager?: string;
  /** Its unit file, and the files and directories that change it. */
  readonly places: readonly OwnedPlace[];
}

/** A directory from which a gateway loads code or skills, or caches them. */
export interface CodeRoot {
  readonly kind: 'plugins' | 'skills' | 'cache';
  readonly from: string;
  readonly declared: string;
  readonly real: string;
  readonly identity?: string;
  readonly uid?: number;
  readonly gid?: number;
  readonly mode?: number;
}

/** Text of a plugin that names the default home path of OpenClaw, wherever the tenant's own state lies. */
export interface HomePathUse {
  readonly file: string;
  /** `home`: below whatever HOME is. `absolute`: below one user's home directory. */
  readonly kind: 'home' | 'absolute';
}

export interface BackupFact {
  readonly to: string;
  /** Public key that archives are encrypted to. */
  readonly recipient?: string;
}

/** What lies at the destination of a tenant's backups. */
export interface ArchivesFact {
  /** To the directory. */
  readonly way: Way;
  readonly archives: readonly {
    readonly place: OwnedPlace;
    /** Path from which something in it was taken; absent where it cannot be told, as in an encrypted archive. */
    readonly content?: string;
  }[];
}

/** Copies that cover a whole machine, as the manifest declares them. */
export interface Snapshots {
  readonly name: string;
  readonly readers: readonly string[];
}
