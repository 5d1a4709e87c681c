/** What is known about a fleet's gateways and hosts. The same shape holds desired and observed facts. */
import type { AuditFact, DocumentFact } from './audit-facts.ts';
import type { ContainerFact } from './container-facts.ts';
import type { Boundary, HostAdmin, NamedRisk, PresetName } from './fleet.ts';
import type {
  AccountFact,
  ArchivesFact,
  BackupFact,
  CodeRoot,
  HomePathUse,
  HostAccounts,
  LoginKey,
  MachineFact,
  OwnedPlace,
  ScheduleFact,
  ServiceFact,
  Snapshots,
  SurroundingsFact,
  Way,
} from './os-facts.ts';
import type { ChannelIdentity, EnvironmentFact, ExposedToken, LoginFact, PlaceFact, SecretFact, SecretReference } from './secret-facts.ts';
import type { ApiClientFact, BrowserProfileFact, EgressFact, PairedNode, PortRange, ProxyRoute, SocketFact } from './network-facts.ts';
import type { OwnKernel } from './own-kernel.ts';
import type { AccessFact, IncludeFact, LinkFact, StoreFact } from './place-facts.ts';
import type { Settings } from './settings.ts';
import type { EffectiveTools, PromptLine } from './tool-settings.ts';
import type { TrustMap } from './trust.ts';
import type { HostId, Rung, Runtime, TenantId } from './words.ts';

/** A fact that was read, with where it was read; or the reason why it could not be. Never an empty stand-in. */
export type Known<T> =
  | {
      readonly known: true;
      readonly value: T;
      readonly source: string;
      /** Why there may be more than this: what is wrong in it is found, and that nothing is wrong in it is no pass. */
      readonly unseen?: string;
    }
  | { readonly known: false; readonly why: string };

export function known<T>(value: T, source: string): Known<T> {
  return { known: true, value, source };
}

/** A part of a fact, and what of it was out of sight. */
export function inPart<T>(value: T, source: string, unseen: string): Known<T> {
  return { known: true, value, source, unseen };
}

export function unknown(why: string): Known<never> {
  return { known: false, why };
}

export const PATH_ROLES = [
  'config',
  'state',
  'workspace',
  'credentials',
  'agent',
  'browser',
  'log',
  'home',
  'tmp',
  'compile-cache',
  'backup',
  'root',
  'sandbox',
  'secrets',
] as const;
export type PathRole = (typeof PATH_ROLES)[number];

/** Identity of one path. On desired facts only `declared` and `real` (normalised text) are set. */
export interface PathFact {
  readonly role: PathRole;
  readonly declared: string;
  /** realpath, or that of the nearest existing ancestor plus the rest. */
  readonly real: string;
  /** `real` with the names in lower case that a file system takes for equal; absent where none does. */
  readonly folded?: string;
  /** What says that a program copies it to other machines. */
  readonly synced?: string;
  /** Type of the file system, e.g. `ext4`, `nfs4`. */
  readonly fileSystem?: string;
  readonly exists: boolean;
  /** `dev:ino` of the object itself. */
  readonly identity?: string;
  /** Bind-mount identity from mountinfo: `major:minor` + path inside that file system, e.g. `254:0:/srv/acme/state`. */
  readonly backing?: string;
  /** Permission bits, e.g. 0o700. */
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
}

/** A regular file with more than one name, below one of the tenant's roots. */
export interface HardLink {
  readonly identity: string;
  readonly path: string;
}

export interface PortFact {
  readonly first: number;
  readonly last: number;
  /** Port of the host that leads to it; absent where none does. */
  readonly published?: number;
  /** Network namespace in which the block is used: inode, or `host` / `own` on desired facts. */
  readonly namespace: string;
}

/** A process that runs the gateway, as the kernel sees it. */
export interface ProcessFact {
  readonly pid: number;
  /** Start time in clock ticks since boot (field 22 of /proc/pid/stat). */
  readonly startTicks: string;
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
  readonly umask?: string;
  /** Users of the host that its user namespace holds; absent where that is the host's own. */
  readonly userIds?: readonly { readonly first: number; readonly count: number }[];
  readonly noNewPrivs: boolean;
  /** CapEff, hex. */
  readonly capabilities: string;
  /** Seccomp mode, 0..2. */
  readonly seccomp: number;
  /** Namespace name → inode, e.g. `net` → `4026532281`. */
  readonly namespaces: Readonly<Record<string, string>>;
  /** Where the host's kernel is not its own: `pid`, `startTicks` and the network are then those of its sandbox on the host, all else is told inside. */
  readonly kernel?: OwnKernel;
  /** Only names that select paths, ports or profiles (OPENCLAW_*, HOME, TMPDIR); never a token. */
  readonly environment: Readonly<Record<string, string>>;
}

/** A listening TCP socket of the host's loopback. `holders`: pids that hold it, with their uid. */
export interface ListenerFact {
  readonly address: string;
  readonly port: number;
  readonly holders: readonly { readonly pid: number; readonly uid: number; readonly namespaces: Readonly<Record<string, string>> }[];
}

/** What the running gateway says of itself over its WebSocket. A claim of the tenant: compared, never trusted. */
export interface GatewayClaim {
  readonly version: string;
  readonly configPath: string;
  readonly stateDir: string;
  readonly authMode: string;
  readonly latencyMs: number;
}

export interface PolicyFact {
  /** The preset the manifest names. */
  readonly preset?: PresetName;
  /** Whether the config restricts tools at all (`tools.profile`, `allow` or `deny`). */
  readonly restricted: boolean;
  /** Whether the security keys equal what the preset renders; absent on desired facts. */
  readonly drifted?: readonly string[];
  /** The `tools` section that was rendered; absent where nothing was, and on desired facts. */
  readonly rendered?: Readonly<Record<string, unknown>>;
}

export interface TenantFacts {
  readonly tenant: TenantId;
  readonly host: HostId;
  readonly rung: Rung;
  readonly rungDeclared: boolean;
  /** Bulkhead did not build it: nobody declared anything of it, nor that it runs. */
  readonly found?: true;
  /** Programs of ours ran in it all the same: it was attacked and audited. */
  readonly entered?: true;
  readonly boundary: Boundary;
  readonly browser: boolean;
  /** Declared paths and port, to be compared with what runs. */
  readonly declared: {
    readonly configPath: string;
    readonly stateDir: string;
    readonly gatewayPort: number;
    readonly publishedPort: number;
    /** Absent without `limits.disk`. */
    readonly diskBytes?: number;
    /** What its container is to be started with; absent: whatever its engine takes. */
    readonly runtime?: Runtime;
  };
  readonly paths: Known<readonly PathFact[]>;
  readonly hardLinks: Known<readonly HardLink[]>;
  /** Symbolic links below its root that lead out of it. */
  readonly links: Known<readonly LinkFact[]>;
  /** Who may do what with its files and the directories above them. */
  readonly access: Known<AccessFact>;
  readonly stores: Known<StoreFact>;
  readonly includes: Known<readonly IncludeFact[]>;
  readonly secrets: Known<readonly SecretFact[]>;
  readonly identities: Known<readonly ChannelIdentity[]>;
  /** Effective variables, and the files that some come from. */
  readonly environment: Known<EnvironmentFact>;
  /** Credentials that its config names instead of holding them. */
  readonly references: Known<readonly SecretReference[]>;
  /** Accounts it is logged in with at model providers. */
  readonly logins: Known<readonly LoginFact[]>;
  /** Directories of its channel accounts, of command-line logins, of the programs it serves its agents with. */
  readonly places: Known<readonly PlaceFact[]>;
  /** Its tokens in command lines and shell histories. */
  readonly exposed: Known<readonly ExposedToken[]>;
  readonly ports: Known<PortFact>;
  /** Name and number of the OS user the gateway runs under; number absent while the user does not exist yet. */
  readonly user: Known<{ readonly name: string; readonly uid?: number; readonly gid?: number }>;
  readonly policy: Known<PolicyFact>;
  /** What the files of its workspaces forbid its agents. */
  readonly prompts: Known<readonly PromptLine[]>;
  /** SHA-256 (hex) of its config as it lies there, secrets taken out; absent on desired facts. */
  readonly configSha256?: Known<string>;
  /** What its config and environment select. */
  readonly settings: Known<Settings>;
  /** The OS account that its gateway runs as. */
  readonly account: Known<AccountFact>;
  readonly loginKeys: Known<readonly LoginKey[]>;
  /** `value: null` when nothing runs. */
  readonly surroundings: Known<SurroundingsFact | null>;
  readonly service: Known<ServiceFact>;
  /** `value: null` when its gateway runs in none. */
  readonly container: Known<ContainerFact | null>;
  /** Node, the package, everything above them and every directory of its PATH; files in the package that are not like the rest. */
  readonly install: Known<readonly OwnedPlace[]>;
  readonly codeRoots: Known<readonly CodeRoot[]>;
  readonly homePathUses: Known<readonly HomePathUse[]>;
  /** Log files that exist. */
  readonly logs: Known<readonly Way[]>;
  readonly backup: Known<BackupFact | null>;
  /** `value: null` when no backup is declared, or its destination is not there. */
  readonly archives: Known<ArchivesFact | null>;
  /** The gateway's process; `value: null` when nothing runs. Always unknown on desired facts. */
  readonly process: Known<ProcessFact | null>;
  readonly listener: Known<ListenerFact | null>;
  readonly claim: Known<GatewayClaim>;
  /** Which tools the running gateway says that it gives. A claim, as the one above. */
  readonly effective: Known<EffectiveTools>;
  readonly audit: Known<AuditFact>;
  /** That the audit ran, and why what it printed is no audit. */
  readonly auditRun: Known<{ readonly unreadable?: string }>;
  /** `null` where the manifest names no folder of documents. */
  readonly documents: Known<DocumentFact | null>;
  /** Hash of what the status output says, without volatile fields. */
  readonly statusDigest: Known<string>;
  /** Programs that call its API. */
  readonly apiClients: Known<readonly ApiClientFact[]>;
  /** Browser profile directories in its state, and those its config names. */
  readonly browserProfiles: Known<readonly BrowserProfileFact[]>;
  readonly egress: Known<EgressFact>;
  readonly pairedNodes: Known<readonly PairedNode[]>;
}

/** What OpenClaw's own audit of a tenant gave. */
export type AuditView = Pick<TenantFacts, 'audit' | 'auditRun'>;

export interface HostFacts {
  readonly host: HostId;
  readonly admins: readonly HostAdmin[];
  /** Copies of the whole machine, as declared. */
  readonly snapshots?: readonly Snapshots[];
  readonly accounts: Known<HostAccounts>;
  /** Of all its accounts; where only the rung profile is in use and nobody is root, of the operator's own and what all may read. */
  readonly schedules: Known<readonly ScheduleFact[]>;
  readonly machine: Known<MachineFact>;
  /** Inode of the host's own network namespace; boot id. */
  /** Under which other machines reach it; absent where nobody looked. */
  readonly addresses?: Known<readonly string[]>;
  readonly kernel: Known<{ readonly bootId: string; readonly namespaces: Readonly<Record<string, string>> }>;
  readonly portRange: Known<PortRange>;
  /** Routes of the reverse proxies that the manifest names. */
  readonly proxies: Known<readonly ProxyRoute[]>;
  /** Listening TCP sockets in the host's own network namespace and in those of its gateways. */
  readonly sockets: Known<readonly SocketFact[]>;
}

export interface Facts {
  readonly phase: 'desired' | 'observed';
  /** ISO time. */
  readonly takenAt: string;
  readonly trust: TrustMap;
  readonly risks: readonly NamedRisk[];
  readonly hosts: readonly HostFacts[];
  readonly tenants: readonly TenantFacts[];
}
