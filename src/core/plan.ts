/** A plan: the exact commands that bring a host from what is observed to what is declared. */
import type { Command } from './command.ts';
import type { HostId, TenantId } from './words.ts';

/** The part of a build that a step belongs to. */
export type Stage = 'install' | 'boundary' | 'files' | 'stop' | 'service' | 'health';

export interface Step {
  /** `acme/boundary/3`: position in this plan; receipts refer to it. */
  readonly id: string;
  readonly stage: Stage;
  /** Absent for what belongs to the whole host. */
  readonly tenant?: TenantId;
  /** Where it runs, when that is not the operator's own machine. */
  readonly host?: HostId;
  readonly command: Command;
}

export interface Plan {
  readonly steps: readonly Step[];
  /**
   * Stages that can be spelled out only after earlier ones have run, e.g. `acme: files` while its tree lets nobody look.
   * Empty with no steps: the host is as declared.
   */
  readonly later: readonly string[];
}

/** A step's outcome as it is kept. Never holds what went to standard input. */
export interface Receipt {
  readonly runId: string;
  readonly step: string;
  readonly tenant?: TenantId;
  /** Where it ran, when that was not the operator's own machine. */
  readonly host?: HostId;
  readonly title: string;
  readonly argv: readonly string[];
  readonly outcome: 'done' | 'failed' | 'interrupted';
  readonly exit: number | null;
  readonly startedAt: string;
  readonly durationMs: number;
}
