/** The outer world as the inner code sees it: hosts, isolation rungs and supervisors, each behind one narrow interface. */
import type { Blueprint, Layout } from './blueprint.ts';
import type { Command, CommandResult, Program } from './command.ts';
import type { Engine, HostId, Rung, TenantId } from './words.ts';

/** A machine on which commands run. `run` rejects only when the host itself cannot be used (BulkheadError `host`). */
export interface Host {
  readonly id: HostId;
  /** This very machine as this very user: a program of ours needs no process of its own to look at it. */
  readonly here?: true;
  run(command: Command, signal: AbortSignal): Promise<CommandResult>;
  /** A long-lived program whose stdout lines stream (probe results, log following). Resolves when it ends. */
  stream(command: Command, onLine: (line: string) => void, signal: AbortSignal): Promise<CommandResult>;
  /**
   * Runs a program of ours in a Node that is kept there for all of them while the connection lasts; resolves to what it answered. Rejects as `run` does,
   * and with Error when the program fails or takes too long. Absent where each is given a process of its own.
   */
  readonly resident?: (run: ResidentRun, signal: AbortSignal) => Promise<unknown>;
}

export interface ResidentRun {
  /** Absolute path of Node there. */
  readonly node: string;
  /** By which it is known once it was sent. */
  readonly name: string;
  /** JavaScript of a module that exports `main(request)`. */
  source(): string;
  readonly request: unknown;
  readonly title: string;
  readonly timeoutMs: number;
}

export type Fingerprint =
  | { readonly state: 'usable'; readonly detail: string }
  | { readonly state: 'unusable'; readonly reason: string; readonly fix: string }
  | { readonly state: 'undetected'; readonly reason: string };

/** What a rung separates, surface by surface; each claim is proven by probes. */
export interface Separates {
  readonly files: boolean;
  readonly processes: boolean;
  readonly loopback: boolean;
  readonly tmp: boolean;
  readonly limits: boolean;
  readonly egress: boolean;
}

/** What the supervisor keeps running for a tenant. All argv are complete: no shell, no inherited environment. */
export interface Service {
  /** Unit name without suffix, e.g. `bh-acme`; `^[a-z0-9-]{1,31}$`. */
  readonly name: string;
  readonly tenant: string;
  /** The boundary and the gateway in it, in the foreground. */
  readonly argv: readonly [string, ...string[]];
  readonly environment: Readonly<Record<string, string>>;
  readonly workingDirectory: string;
  /** Root-owned (or the operator's own) log of the process's stdout and stderr. */
  readonly logFile: string;
  /**
   * The gateway's port handed to the host's loopback: the supervisor listens on 127.0.0.1:`port` in the host's network
   * namespace and starts `argv` with that listener as fd 3 and LISTEN_FDS=1 (systemd's socket-activation protocol), once the gateway
   * process exists. `{pid}` in an argument is replaced by the host pid of pid 1 of the boundary. Absent where the gateway listens on the host itself.
   */
  readonly publish?: {
    readonly port: number;
    readonly argv: readonly [string, ...string[]];
    /** `argv` waits for the boundary and finds it itself: its pid 1 is no descendant of the service's process, as an engine's container is none. */
    readonly findsBoundary?: true;
  };
  readonly limits: { readonly memoryBytes: number; readonly cpus: number; readonly pids: number };
  /** It starts a set-user-ID program on its way, which no_new_privs would make useless; what runs inside has no_new_privs all the same. */
  readonly gainsPrivileges?: true;
  /** Exit statuses that mean "configuration": do not restart. */
  readonly neverRestartExits: readonly number[];
  /** Seconds a gateway gets to drain after SIGTERM. */
  readonly stopGraceSeconds: number;
  /**
   * A ruleset that must stay loaded while the service runs: `check` exits 0 when it is intact, otherwise `restore` runs.
   * Closes "another program's nft flush opens the host's services to tenants".
   */
  readonly guard?: {
    readonly check: readonly [string, ...string[]];
    readonly restore: readonly [string, ...string[]];
    readonly restoreStdinFile?: string;
  };
  /** Run before every start, as root among the host's namespaces: brings back what a reboot took, exits 0 at once where nothing is missing. */
  readonly rebuild?: readonly [string, ...string[]];
}

/** How a service is doing. `top` is the process the supervisor started; `gateway` the OpenClaw process in it. */
export interface ServiceStatus {
  readonly name: string;
  readonly state: 'running' | 'starting' | 'stopped' | 'backing-off' | 'failed';
  readonly top?: number;
  readonly restarts: number;
  readonly lastExit?: { readonly exit: number | null; readonly signal: string | null; readonly at: string };
  /** Why it is not running, for people. */
  readonly reason?: string;
}

export interface Supervisor {
  readonly kind: 'systemd' | 'embedded';
  fingerprint(host: Host, signal: AbortSignal): Promise<Fingerprint>;
  /** Reads only; throws when it could not look. Services that it does not know are absent from the map. */
  observe(host: Host, layout: Layout, signal: AbortSignal): Promise<SupervisorObserved>;
  /** SHA-256 (hex) by which `observe` tells whether what is registered is this service as this version registers it. */
  definitionOf(service: Service): string;
  /** Registers and updates services; others stay as they are (`remove` takes one away). [] means converged. Does not start. */
  converge(layout: Layout, wanted: readonly Service[], observed: SupervisorObserved): readonly Command[];
  start(layout: Layout, name: string): readonly Command[];
  stop(layout: Layout, name: string): readonly Command[];
  restart(layout: Layout, name: string): readonly Command[];
  remove(layout: Layout, name: string, observed: SupervisorObserved): readonly Command[];
  /** Absent where a person has to keep the watch running. */
  readonly watch?: WatchKeeper;
}

/** `bulkhead verify --watch` of one fleet, kept running. */
export interface WatchService {
  readonly fleet: string;
  readonly argv: readonly [string, ...string[]];
  /** Whole; never a secret. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface WatchObserved {
  /** SHA-256 (hex) of the definition in place; `foreign` when it is not ours, `edited` when it is not as it was written. */
  readonly definition?: string;
  /** The fleet that it watches. */
  readonly fleet?: string;
  readonly running: boolean;
}

/** Keeps one watch for a state directory. */
export interface WatchKeeper {
  /** Reads only; throws when it could not look. */
  observe(host: Host, layout: Layout, signal: AbortSignal): Promise<WatchObserved>;
  /** Installs and starts what is wanted, or takes away what `fleet` no longer wants. [] means converged. Throws BulkheadError `apply` for a foreign unit. */
  converge(layout: Layout, fleet: string, wanted: WatchService | undefined, observed: WatchObserved): readonly Command[];
}

/** A machine and where things lie on it. */
export interface Place {
  readonly host: Host;
  readonly layout: Layout;
}

export interface SupervisorObserved {
  /** Whether the embedded supervisor answers and runs this version's program; always true for systemd. */
  readonly alive: boolean;
  /** Registered services by name: the SHA-256 (hex) of the definition that is in place, and how it is doing. */
  readonly services: ReadonlyMap<string, { readonly definition: string; readonly status: ServiceStatus }>;
}

/** A rung. observe → converge → apply → observe again; one road for create, update and adopt. */
export interface Isolation<Observed = unknown> {
  readonly rung: Rung;
  readonly separates: Separates;
  /** Whether this host and user can have it, and what is missing; `blueprint`: as this tenant wants it, where that makes a difference. */
  fingerprint(host: Host, signal: AbortSignal, blueprint?: Blueprint): Promise<Fingerprint>;
  /** Reads only; a failed read throws, it never looks like "absent". */
  observe(blueprint: Blueprint, layout: Layout, host: Host, signal: AbortSignal): Promise<Observed>;
  /**
   * The quick look of `status`: what `details` tells, of many tenants at once. Reads only; throws when it could not look. Absent where
   * `observe` is quick itself.
   */
  locate?(blueprints: readonly Blueprint[], host: Host, signal: AbortSignal): Promise<ReadonlyMap<TenantId, BoundaryDetails>>;
  /**
   * What these tenants need on another machine that is built once for all hosts on the operator's own (`here`) and brought from there; [] when it is
   * there. Looks at both, changes nothing. Absent where the rung needs no such thing.
   */
  deliver?(blueprints: readonly Blueprint[], there: Place, here: Place, signal: AbortSignal): Promise<readonly Command[]>;
  /**
   * Pure; [] means converged: user, tree, namespaces, firewall, limits. Not the files in the tree, not the process.
   * Throws BulkheadError `apply` for a foreign resource that carries our name.
   */
  converge(blueprint: Blueprint, layout: Layout, observed: Observed): readonly Command[];
  /** Pure. What `observe` will see of the tenant once `converge` has run, as far as `service`, `asTenant` and `details` ask: its ids. */
  foresee(blueprint: Blueprint, layout: Layout, observed: Observed): Observed;
  /** Pure. Whether the tenant's tree is in place, so that a program can look into it as the tenant. */
  hasTree(blueprint: Blueprint, observed: Observed): boolean;
  /** Pure; already gone is []. Only what carries our mark; never follows a link, never leaves the tenant's own root. */
  remove(blueprint: Blueprint, layout: Layout, observed: Observed): readonly Command[];
  /** What the supervisor runs. */
  service(blueprint: Blueprint, layout: Layout, observed: Observed): Service;
  /** Runs a program exactly where the tenant's gateway runs. Throws BulkheadError `apply` when the boundary is not up. */
  enter(blueprint: Blueprint, layout: Layout, observed: Observed, program: Program): Command;
  /** Runs a program as the tenant's OS user outside its namespaces (writes into its tree, reads paths); works while it is stopped. */
  asTenant(blueprint: Blueprint, layout: Layout, observed: Observed, program: Program): Command;
  /** Blueprint facts that exist only once built: uid, link addresses, pid of pid 1 inside and its namespaces. */
  details(observed: Observed): BoundaryDetails;
}

export interface BoundaryDetails {
  readonly uid?: number;
  readonly gid?: number;
  /** IPv4 of the tenant's end of its link, and of the host's end. */
  readonly address?: string;
  readonly hostAddress?: string;
  /** Host pid of the gateway's boundary process (os-user: pid 1 inside), when up. */
  readonly pid?: number;
  /** Id of the engine's container that it is, when up. */
  readonly container?: string;
  /** Where it is a container of the tenant's own engine, and the only one of that; `argv`: the command line before the engine's words. */
  readonly askEngine?: { readonly engine: Engine; readonly argv: readonly string[] };
  /** Whether the rules that hold back what leaves the boundary are loaded as they were written; absent where the rung has none. */
  readonly egressFiltered?: boolean;
}
