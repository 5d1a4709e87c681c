/** What is known about secrets, identities and variables. No value of a secret is among it: digests are keyed, for one run. */

/** What a value looks like as a secret; judged where it lies, so that neither its length nor its text leaves the host. */
export const STRENGTHS = ['placeholder', 'short', 'weak', 'strong'] as const;
export type Strength = (typeof STRENGTHS)[number];

/** How a tenant comes by a secret. `login`: what it logged in with, kept in its own store. */
export const SECRET_MEANS = ['file', 'config', 'environment', 'env-file', 'store', 'login'] as const;
export type SecretMeans = (typeof SECRET_MEANS)[number];

/** A place where a secret lies. Values never leave the host: only a digest under a random key of this run. */
export interface SecretFact {
  /** `gateway-token`, `hooks-token`, `channel:<channel>`, `model:<provider>`, `principal:<provider>`, `mcp:<server>`, else the config key or variable. */
  readonly role: string;
  /** Where: `file:/…/gateway-token`, `env:ACME_TOKEN`, `config:gateway.auth.token`, `secret:namespace/name#key` of a cluster. */
  readonly location: string;
  /** HMAC-SHA256 under the run's key, hex; absent when the value is not provided yet, or stays where it is: in a cluster's Secret. */
  readonly digest?: string;
  /** Absent: a file that the manifest provides. */
  readonly means?: SecretMeans;
  readonly strength?: Strength;
}

export interface ChannelIdentity {
  readonly channel: string;
  /** Absent: the account itself. `place`: where several accounts meet (workspace, guild). `store`: the directory or host that holds the account. */
  readonly kind?: 'place' | 'store';
  /** The provider's account id (Telegram: bot id). Absent when it cannot be told without the secret. */
  readonly account?: string;
  readonly location: string;
  /** Reference of the secret, to find the same source named twice. */
  readonly reference: string;
}

/** A credential that the config names instead of holding it. */
export interface SecretReference {
  readonly role: string;
  /** Config key that holds the reference. */
  readonly location: string;
  /** `file`, `store`, `env` or `exec`; `secret` of a cluster. */
  readonly source: string;
  /** What it names, for people. */
  readonly text: string;
  /** Equal for two tenants exactly when both name one thing: a file and pointer, a shared environment file's variable, a command with its arguments and id. Absent: private by nature. */
  readonly target?: string;
  /** `exec`: Bulkhead runs no command of a tenant, so the value was not compared. */
  readonly resolved: boolean;
}

/** Where a variable comes from, strongest first. */
export const ENV_LAYERS = ['process', 'env-file', 'gateway-env-file', 'config'] as const;
export type EnvLayer = (typeof ENV_LAYERS)[number];

/** An effective variable. */
export interface VariableFact {
  readonly name: string;
  readonly layer: EnvLayer;
  readonly location: string;
  /** Only of names that select something. */
  readonly value?: string;
  readonly digest?: string;
  /** The name says that it is a secret. */
  readonly secret: boolean;
  /** The blueprint sets it. */
  readonly declared: boolean;
}

/** A file or directory that a tenant uses, as the tenant sees it. */
export interface PlaceFact {
  /** `env-file`, `codex`, `gh`, … */
  readonly what: string;
  readonly declared: string;
  readonly real: string;
  readonly exists: boolean;
  /** `dev:ino`. */
  readonly identity?: string;
}

export interface EnvironmentFact {
  readonly variables: readonly VariableFact[];
  /** Environment files that OpenClaw reads for it, also absent ones. */
  readonly files: readonly PlaceFact[];
}

/** Somebody a tenant is logged in as. */
export interface LoginFact {
  readonly provider: string;
  /** Account at the provider: e-mail, account id or subject of its token. */
  readonly account: string;
  readonly location: string;
}

/** A process whose command line, which every user can read, holds one of the tenant's tokens. */
export interface ExposedToken {
  readonly role: string;
  /** Process, or the file it was typed into. */
  readonly where: string;
}
