/** A probe: an attack run from inside tenant A toward tenant B, with its controls. */
import type { Severity, TenantId } from './words.ts';

/** What one attempt gave. `contained` needs the expected refusal; anything odd is `inconclusive`. */
export type AttemptOutcome =
  | { readonly outcome: 'contained'; readonly refusal: string }
  | { readonly outcome: 'breached'; readonly detail: string }
  | { readonly outcome: 'inconclusive'; readonly detail: string };

/** Where an attempt really ran, recorded by the probe program itself. */
export interface RanAs {
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
  readonly namespaces: Readonly<Record<string, string>>;
  readonly configPath: string;
}

/** What a probe program is told about a victim. Locations only; no secret but the attacker's own token on stdin. */
export interface Target {
  readonly tenant: TenantId;
  readonly uid?: number;
  readonly state: string;
  readonly workspace: string;
  readonly logFile: string;
  /** Canary files planted by the victim itself, surface → path. */
  readonly canaries: Readonly<Record<string, string>>;
  readonly publishedPort: number;
  readonly gatewayPort: number;
  /** IPv4 address of the victim's own link, where its rung has one. */
  readonly address?: string;
  readonly ports: { readonly first: number; readonly last: number };
  /** Pid of the victim's gateway in the host's pid namespace. */
  readonly pid?: number;
}

/** One probe on one ordered pair, after folding its controls. */
export interface ProbeResult {
  readonly id: string;
  readonly attacker: TenantId;
  readonly victim: TenantId;
  readonly verdict: 'contained' | 'breached' | 'unknown' | 'not-applicable';
  readonly severity: Severity;
  /** What was refused and how, or what was obtained, or why nothing can be said. */
  readonly detail: string;
  /** The victim could do it to itself. */
  readonly positiveControl: { readonly held: boolean; readonly detail: string };
  /** A deliberately exposed decoy was caught. */
  readonly negativeControl: { readonly held: boolean; readonly detail: string };
  readonly ranAs?: RanAs;
  readonly durationMs: number;
  /** The same through an agent without policy, where that was asked for. */
  readonly lifted?: Lifted;
}

/** `heldBy`: what keeps the attacker's agent from it, where that is known. `tool`: a rule of the tool itself, which no policy gives or takes. */
export interface Lifted {
  readonly verdict: ProbeResult['verdict'];
  readonly detail: string;
  readonly heldBy?: 'policy' | 'boundary' | 'tool';
}

/** How many ordered pairs of a fleet were attacked. */
export interface PairCoverage {
  readonly attacked: number;
  /** All that the fleet has. */
  readonly of: number;
  /** Where not all were attacked: the limit, and the seed that chooses the same pairs again. */
  readonly most?: number;
  readonly seed?: number;
}
