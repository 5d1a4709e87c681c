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

export interface Settings {
  readonly network: NetworkSettings;
  readonly tools: ToolSettings;
}
