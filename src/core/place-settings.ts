/** Where a gateway's config and environment put things, and what it tells its callers apart by. Derived by `src/openclaw/settings/`. */
import type { Setting } from './settings.ts';

export interface PlaceSettings {
  readonly config: Setting<string>;
  readonly state: Setting<string>;
  /** Profile that the environment names. */
  readonly profile?: Setting<string>;
  /** Workspace of agents that name none. */
  readonly workspace: Setting<string>;
  readonly agents: readonly AgentPlaces[];
  /** Explicit sandbox roots on the gateway's own machine. */
  readonly sandboxRoots: readonly Setting<string>[];
  /** Sandbox roots on other machines: `user@host:root`. */
  readonly remoteSandboxes: readonly Setting<string>[];
  /** Directories outside the config's own from which files may be included. */
  readonly includeRoots: readonly Setting<string>[];
  /** Whether several gateways may run from one config. */
  readonly multiGateway: Setting<boolean>;
  /** Files that the config includes, as it writes them. In a config that lies in a tree they have been put in their place. */
  readonly includes: readonly Setting<string>[];
  /** Absolute paths anywhere in the config or the environment; each once. */
  readonly named: readonly Setting<string>[];
}

export interface AgentPlaces {
  readonly id: string;
  readonly workspaces: readonly Setting<string>[];
  readonly directory: Setting<string>;
}

/** Names by which one gateway tells its callers apart. None of them is a boundary. */
export interface RouteSettings {
  readonly agents: readonly Setting<string>[];
  /** Session keys, their prefixes and scopes. */
  readonly sessions: readonly Setting<string>[];
  /** Names of models and providers that a caller may ask for. */
  readonly models: readonly Setting<string>[];
  /** People and roles to whom it gives scopes of their own. */
  readonly identities: readonly Setting<string>[];
}
