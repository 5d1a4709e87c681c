/** A tenant with nothing left to decide: every path, port, user, variable and config key explicit. */
import type { Boundary, AllowedAddress, ApiClient, Channel, HostAdmin, Limits, ModelProvider, PolicyChoice } from './fleet.ts';
import type { Engine, HostId, InnerRung, Rung, Runtime, TenantId, Trust } from './words.ts';

/** A block of ports leased whole: `first`..`last` inclusive, `first` is the gateway's base port. */
export interface PortBlock {
  readonly first: number;
  readonly last: number;
}

/** Absolute paths; all but `secretsDir` and `backup` lie below `root`. */
export interface TenantPaths {
  /** The tenant's own tree, mode 0700, owned by its OS user. */
  readonly root: string;
  readonly home: string;
  readonly state: string;
  readonly configDir: string;
  readonly configFile: string;
  readonly workspace: string;
  readonly tmp: string;
  readonly logFile: string;
  readonly compileCache: string;
  /** `<state>/credentials`, channel credentials. */
  readonly credentials: string;
  /** `<state>/agents/main/agent`, model credentials. */
  readonly agentDir: string;
  /** `<state>/browser/openclaw/user-data`. */
  readonly browserData: string;
  /**
   * Secret files, each 0400 and owned by the tenant's user, in a directory that the tenant cannot write:
   * `<stateDir>/secrets/<tenant>`, 0750 root:tenant. Visible inside read-only, at the same path. Root can read the gateway token
   * here without following anything the tenant controls.
   */
  readonly secretsDir: string;
  /** Where archives of this tenant go; declared, not yet made by Bulkhead. */
  readonly backup?: string;
}

/** Host objects of the `os-user` rung. Names are derived from the instance and the tenant, never shared. */
export interface OsUser {
  readonly name: string;
  readonly uid?: number;
  /** Network namespace under /run/netns, also the cgroup's and the unit's name. */
  readonly namespace: string;
  /** Host end of the veth pair; at most 15 characters. */
  readonly link: string;
}

export interface Blueprint {
  readonly tenant: TenantId;
  readonly host: HostId;
  readonly rung: Rung;
  /** On the rung `host`: what is built there. */
  readonly inside?: InnerRung;
  /** Whether the manifest named the rung (otherwise it is the least its trust allows). */
  readonly rungDeclared: boolean;
  /** Of a container, where the manifest names it. */
  readonly engine?: Engine;
  /** It has an engine of its own, which is not root's: Podman as the tenant's user, Docker as a subordinate id. Never without `engine`. */
  readonly rootless?: true;
  /** What its container is started with; only with `engine: docker`. */
  readonly runtime?: Runtime;
  /** A gateway that Bulkhead did not build: nothing of it is declared, it has no secret files of ours. */
  readonly found?: true;
  /** Directory of the package that a found gateway runs, where that is known; `install` is what our own programs run with. */
  readonly package?: string;
  readonly boundary: Boundary;
  /** The strictest trust this tenant meets. */
  readonly trust: Trust;
  readonly hostAdmins: readonly HostAdmin[];
  readonly policy: PolicyChoice;
  readonly channels: readonly Channel[];
  readonly models: readonly ModelProvider[];
  readonly apiClients: readonly ApiClient[];
  readonly browser: boolean;
  /** Every session's tools run in OpenClaw's sandboxes, by an engine of the tenant's own. */
  readonly sandbox?: 'all';
  readonly limits: Limits;
  readonly egress: 'open' | 'none';
  readonly allow: readonly AllowedAddress[];
  /** Not even questions for names leave it. */
  readonly sealed?: true;
  readonly paths: TenantPaths;
  readonly backup?: { readonly to: string; readonly recipient?: string };
  /** Name of the tenant's service, at most 31 characters; equals `user.name` from `os-user` upwards. */
  readonly serviceName: string;
  /** Present from `os-user` upwards. */
  readonly user?: OsUser;
  /** Leased block on the host. `published` is the port of the host's loopback that reaches the gateway. */
  readonly ports: PortBlock;
  readonly publishedPort: number;
  /** Port the gateway listens on inside its boundary: the base of the block (profile) or 18789 (own loopback). */
  readonly gatewayPort: number;
  /** Whole environment of the gateway. Holds no secret. */
  readonly environment: Readonly<Record<string, string>>;
  /** Rendered OpenClaw config without secrets (they are SecretRefs to files in `secretsDir`). */
  readonly config: Readonly<Record<string, unknown>>;
  /** Root-owned OpenClaw install: `<install>/node_modules/openclaw`, node at `<install>/bin/node`. */
  readonly install: Install;
}

export interface Install {
  /** Root of the read-only install, shared by all tenants of a host. */
  readonly root: string;
  /** Absolute path of the Node program that runs OpenClaw, below `root`. */
  readonly node: string;
  /** Absolute path of openclaw.mjs, below `root`. */
  readonly openclaw: string;
  readonly version: string;
}

/** Where this Bulkhead keeps things; everything made on the host carries `instance` in its name. */
export interface Layout {
  /** Short name of this state directory: `bh` for the default, `bh` + 4 hex digits otherwise. `^bh[0-9a-f]{0,4}$`. */
  readonly instance: string;
  /** Bulkhead's own state, root-owned 0711: bulkhead.db, tenants/, supervisor/. */
  readonly stateDir: string;
  /** Volatile: sockets and pids, `/run/bulkhead/<instance>` or below the state directory. */
  readonly runDir: string;
  /** Parent of the tenants' trees, 0711. */
  readonly tenantsDir: string;
  readonly install: Install;
}
