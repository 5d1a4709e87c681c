/** What a gateway's agents may do, and who may make them do it. Derived by `src/openclaw/settings/tools.ts`. */
import type { Setting } from './settings.ts';

/** Powers that reach beyond a conversation. `exec` runs programs, `write` changes files, `control` changes the gateway, its plugins or its schedule. */
export const POWERS = ['exec', 'write', 'read', 'browser', 'nodes', 'control', 'schedule'] as const;
export type Power = (typeof POWERS)[number];

/** A sentence of a prompt that forbids the use of a power. */
export interface PromptLine {
  readonly path: string;
  readonly line: number;
  readonly power: Power;
}

/** Tools that a running gateway gives to its sessions, by its own word. */
export interface EffectiveTools {
  /** Names, sorted. */
  readonly tools: readonly string[];
  /** How many sessions were asked about; their tools are taken together. */
  readonly sessions: number;
}

export interface ToolSettings {
  /** Powers that at least one agent can reach, each with what grants it, e.g. `config:tools.profile=coding`. */
  readonly reach: Readonly<Partial<Record<Power, string>>>;
  /** Whether file tools stay within the workspace, for every agent. */
  readonly workspaceOnly: Setting<boolean>;
  readonly elevated: Setting<boolean>;
  /** `off`, `non-main`, `all`: the weakest among the agents. */
  readonly sandbox: Setting<string>;
  /** `none`, `ro`, `rw`: what a sandbox sees of the workspace. */
  readonly sandboxAccess: Setting<string>;
  /** Tools that the HTTP deny list no longer denies. */
  readonly httpAllow: Setting<readonly string[]>;
  /** `self`, `tree`, `agent` or `all`: whose sessions a session's tools reach. */
  readonly sessionReach: Setting<string>;
  readonly agentToAgent: Setting<boolean>;
  /** How many agents are configured; 1 for the built-in one. */
  readonly agents: number;
  /** Whether a message can go to a conversation other than the one it came from. */
  readonly crossContext: Setting<boolean>;
  /** Without an allowlist, plugins that are not part of OpenClaw load by being there. */
  readonly pluginAllow: Setting<readonly string[] | null>;
  /** Plugins that the config brings in from outside of OpenClaw: load paths and entries. */
  readonly pluginSources: readonly string[];
  /** Where people can start a turn. */
  readonly surfaces: readonly Surface[];
}

/** A channel or endpoint by which people reach an agent. */
export interface Surface {
  /** `telegram`, `telegram account sales`, `http`. */
  readonly name: string;
  /** `anyone`: whoever finds it; `group`: every member of a group; `listed`: the named senders; `paired`: whom staff let in; `nobody`. */
  readonly admits: 'anyone' | 'group' | 'listed' | 'paired' | 'nobody';
  /** Sender ids that are named, e.g. `telegram 4242`. */
  readonly senders: readonly string[];
  readonly from: string;
}
