/**
 * What a gateway's effective config and environment select, in Bulkhead's own words. Derived by `src/openclaw/settings/`, the same way from
 * a rendered config and from one that lies in a tenant's tree. Holds no secret; checks judge it without knowing a config key.
 */

import type { ToolSettings } from './tool-settings.ts';

/** A selected value, and what selected it: `config:gateway.bind`, `env:OPENCLAW_GATEWAY_PORT`, or `default`. */
export interface Setting<T> {
  readonly value: T;
  readonly from: string;
}

/** How the gateway is reached, and by whom. */
export interface NetworkSettings {
  /** `loopback`, or the word or address it binds to instead. */
  readonly bind: Setting<string>;
  /** `token`, `password`, `trusted-proxy`, `none`, or what else the config says. */
  readonly authMode: Setting<string>;
}

/** Where an agent's tools run, for the defaults and for each agent that says otherwise. */
export interface SandboxSettings {
  /** `agents.defaults`, or the key of the agent. */
  readonly key: string;
  readonly mode: Setting<string>;
  readonly scope: Setting<string>;
  /** Beginnings of the names of its containers and of those of its browser. */
  readonly prefixes: readonly Setting<string>[];
  /** Sources on the host of what is bound into it. */
  readonly binds: readonly Setting<string>[];
}

/** A directory beside the built-in ones from which plugins or skills come, or in which they are cached. */
export interface CodeRootSetting extends Setting<string> {
  readonly kind: 'plugins' | 'skills' | 'cache';
}

/** Where logs, traces and metrics go beside the log file. */
export interface SinkSetting extends Setting<string> {
  readonly kind: 'otlp' | 'file';
  /** Names of its headers with digests of their values; absent when a value stands there in plain text, which nothing may repeat. */
  readonly credentials?: string;
}

/** The daily question for updates, and what rides along. */
export interface TelemetrySettings {
  readonly asks: Setting<boolean>;
  readonly statistics: Setting<boolean>;
  readonly endpoint: Setting<string>;
}

export interface Settings {
  readonly network: NetworkSettings;
  readonly tools: ToolSettings;
  readonly sandboxes: readonly SandboxSettings[];
  readonly codeRoots: readonly CodeRootSetting[];
  readonly sinks: readonly SinkSetting[];
  readonly telemetry: TelemetrySettings;
}
