/** What a tool policy is made of. */
import type { PresetName } from '../../core/fleet.ts';

export interface Preset {
  readonly name: PresetName;
  /** For whom it is, in one sentence. */
  readonly purpose: string;
  /** Stands behind its name wherever it is shown. */
  readonly label?: string;
  /** OpenClaw config. `tools` has `allow`, or a `profile` with `alsoAllow`: OpenClaw refuses `allow` beside `alsoAllow`. */
  readonly config: Readonly<Record<string, unknown>> & {
    readonly tools: Readonly<Record<string, unknown>> & {
      readonly profile?: 'minimal' | 'coding' | 'messaging';
      readonly allow?: readonly string[];
      readonly alsoAllow?: readonly string[];
      readonly deny: readonly string[];
    };
  };
  /** `needed`, `refused`: the manifest's `browser:` must say so; `possible`: it decides; `off`: whatever it says. */
  readonly browser: 'needed' | 'possible' | 'refused' | 'off';
  /** Whether its channels are connected. */
  readonly channels: boolean;
  /** Who may talk to the agent, on every channel. */
  readonly senders: { readonly dmPolicy: 'allowlist' | 'pairing'; readonly groupPolicy: 'allowlist' | 'disabled' };
  /** What it does not stop, one sentence each. */
  readonly leaves: readonly string[];
}
