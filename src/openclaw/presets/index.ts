/** Tool policies by name. */
import type { PresetName } from '../../core/fleet.ts';
import { operator } from './operator.ts';
import { support } from './support.ts';

export interface Preset {
  readonly name: PresetName;
  /** OpenClaw config; `tools` uses `alsoAllow`, never `allow` (both at once are refused by OpenClaw). */
  readonly config: {
    readonly session: Readonly<Record<string, unknown>>;
    readonly tools: Readonly<Record<string, unknown>> & { readonly alsoAllow?: readonly string[]; readonly deny: readonly string[] };
  };
  /** Who may talk to the agent, on every channel. */
  readonly senders: { readonly dmPolicy: 'allowlist' | 'pairing'; readonly groupPolicy: 'allowlist' | 'disabled' };
}

export const PRESETS: Readonly<Record<PresetName, Preset>> = { support, operator };
