/** What the manifest declares, parsed and checked: the input of everything else. */
import type { Snapshots } from './os-facts.ts';
import type { Engine, HostId, InnerRung, Rung, Runtime, TenantId, Trust } from './words.ts';

/** A place in the manifest, 1-based. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Where a secret comes from. The value itself is read only by commands that need it. */
export type SecretSource =
  | { readonly kind: 'env'; readonly name: string }
  | { readonly kind: 'file'; readonly path: string }
  /** A program of the operator that prints it. */
  | { readonly kind: 'exec'; readonly argv: readonly [string, ...string[]] }
  /** An encrypted file, absolute or relative to the manifest's folder; `key`: one of several values in it. */
  | { readonly kind: 'age'; readonly path: string; readonly key?: string };

/** `env:ACME_TOKEN`, `file:/etc/bulkhead/acme/token`, `exec:op read op://acme/token`, `age:secrets.age#acme`: equal for equal sources only; holds no value. */
export function secretReference(source: SecretSource): string {
  switch (source.kind) {
    case 'env':
      return `env:${source.name}`;
    case 'file':
      return `file:${source.path}`;
    case 'exec':
      return `exec:${source.argv.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : JSON.stringify(word))).join(' ')}`;
    case 'age':
      return `age:${source.path}${source.key === undefined ? '' : `#${source.key}`}`;
  }
}

export interface HostAdmin {
  readonly name: string;
  /** `root`, `sudo`, `docker`, `ssh`, `cloud console`, … in the operator's own words. */
  readonly how: string;
  /** Accounts of the host that are this person's or group's. */
  readonly accounts?: readonly string[];
}

export interface FleetHost {
  readonly id: HostId;
  /** SSH destination in the operator's own terms; absent for `local`. */
  readonly ssh?: string;
  /** How one is root there: by logging in as root (also when absent), or with sudo that asks for no password. */
  readonly become?: 'root' | 'sudo';
  readonly admins: readonly HostAdmin[];
  readonly snapshots?: readonly Snapshots[];
  /** Absolute paths of config files of reverse proxies (nginx, Caddy, Traefik's file provider) that lead to gateways on it. */
  readonly proxies: readonly string[];
}

/** The trust boundary of a tenant: what is asked first. */
export interface Boundary {
  readonly owner: string;
  readonly data: string;
  readonly members: readonly string[];
}

export const PRESET_NAMES = ['support', 'operator', 'api', 'research', 'browser', 'team', 'quarantine'] as const;
export type PresetName = (typeof PRESET_NAMES)[number];

/** A preset, and what a tenant changes of it. Deny wins over all. */
export interface PolicyChoice {
  readonly preset: PresetName;
  /** Only these tools, of those that the preset does not deny. Empty: what the preset gives. Never beside `alsoAllow`. */
  readonly allow: readonly string[];
  /** Tools in addition to those that the preset gives. */
  readonly alsoAllow: readonly string[];
  readonly deny: readonly string[];
}

/** A secret of a channel, under the provider's own name for it, e.g. `botToken`. */
export interface ChannelSecret {
  readonly field: string;
  readonly source: SecretSource;
}

/** One account of a channel. What each provider asks for is data (`openclaw/channels/`). */
export interface Channel {
  readonly kind: string;
  /** What is said in the clear, under the provider's own names. */
  readonly settings: Readonly<Record<string, string | number | boolean>>;
  /** The first is the account's own. */
  readonly secrets: readonly ChannelSecret[];
  readonly allowFrom: readonly string[];
  /** Groups, channels, guilds or rooms in which the agent answers, besides direct messages. */
  readonly rooms: readonly string[];
}

export interface ModelProvider {
  /** OpenClaw's provider id, e.g. `anthropic`, `openai`, or an id of the operator's own with `baseUrl`. */
  readonly provider: string;
  readonly apiKey: SecretSource;
  readonly baseUrl?: string;
  readonly model?: string;
}

export interface Limits {
  readonly memoryBytes: number;
  readonly cpus: number;
  readonly pids: number;
  /** Of everything in its tree; absent: as much as is free where the tree lies. */
  readonly diskBytes?: number;
}

/** An address outside the boundary that the tenant may reach although it is private. */
export interface AllowedAddress {
  readonly protocol: 'tcp' | 'udp';
  /** IPv4 address, or `host`: the host's end of the tenant's own link. */
  readonly address: string;
  readonly port: number;
}

/** A program that calls a gateway's API. Its key makes whoever holds it an operator of that gateway. */
export interface ApiClient {
  readonly name: string;
  readonly kind: string;
  /** Where the key that it presents is kept. */
  readonly key?: SecretSource;
  /** Address at which it calls the gateway. */
  readonly baseUrl?: string;
  /** Absolute paths of its own environment files on the tenant's host; they name keys and addresses. */
  readonly envFiles: readonly string[];
  /** Whether end users are given the key. */
  readonly keyWithUsers: boolean;
}

export interface Tenant {
  readonly id: TenantId;
  readonly at: Position;
  readonly boundary: Boundary;
  /** Declared rung; absent means the least rung its trust allows. */
  readonly isolation?: Rung;
  /** What a container is made with; absent means the one that its host has, Docker first. */
  readonly engine?: Engine;
  /** Whether it has an engine of its own, which is not root's; only with `engine`. */
  readonly rootless?: true;
  /** What its container is started with; only with `engine: docker`, absent: what the engine takes. */
  readonly runtime?: Runtime;
  /** What is built on its machine where the rung is `host`. */
  readonly inside?: InnerRung;
  readonly host: HostId;
  readonly policy: PolicyChoice;
  readonly channels: readonly Channel[];
  readonly models: readonly ModelProvider[];
  readonly apiClients: readonly ApiClient[];
  readonly browser: boolean;
  /** Every session's tools run in OpenClaw's sandboxes, by an engine of the tenant's own. */
  readonly sandbox?: 'all';
  readonly limits: Limits;
  /** Pinned base port, or absent for the allocator. */
  readonly port?: number;
  /** `open`: public addresses reachable; `none`: only `allow` and DNS. */
  readonly egress: 'open' | 'none';
  readonly allow: readonly AllowedAddress[];
  /** In quarantine: not even questions for names leave it. */
  readonly sealed?: true;
  readonly backup?: { readonly to: string; readonly recipient?: string };
  /** Further OpenClaw config, merged under the boundary's own keys. */
  readonly config: Readonly<Record<string, unknown>>;
}

export interface Relation {
  readonly between: readonly TenantId[];
  readonly trust: Trust;
}

/** A shared item that the operator accepted. It stays visible, and fails once `until` has passed. */
export interface NamedRisk {
  /** A checklist row or check id: `host-admins`, `model-credentials`, `log`, `boundary.rung-too-low`, … */
  readonly item: string;
  readonly tenants: readonly TenantId[];
  readonly risk: string;
  readonly owner: string;
  /** ISO date, inclusive. */
  readonly until: string;
}

/** How the fleet is verified over and over. */
export interface FleetWatch {
  /** Times as `verify --watch` takes them, e.g. `30s`. */
  readonly every: string;
  readonly attackEvery: string;
  readonly webhookFile?: string;
  readonly metrics?: string;
}

export interface Fleet {
  readonly name: string;
  readonly trust: Trust;
  readonly relations: readonly Relation[];
  readonly hosts: readonly FleetHost[];
  readonly tenants: readonly Tenant[];
  readonly namedRisks: readonly NamedRisk[];
  readonly verify?: FleetWatch;
  /** Public keys of age that `bulkhead secrets edit` encrypts to. */
  readonly recipients?: readonly string[];
  /** Folder, relative to the manifest, that holds `<tenant>.md` for each tenant. */
  readonly documents?: string;
  /** Path of the manifest as given, for messages; and the SHA-256 of its bytes, hex. */
  readonly source: { readonly path: string; readonly sha256: string };
}
