/** A machine before anything is built on it: what was seen, and what it needs. */
import type { Engine } from './words.ts';

export interface MachineSeen {
  /** Name of the user that one logs in as; commands run as root. */
  readonly user: string;
  readonly root: boolean;
  /** ID, ID_LIKE, VERSION_ID and PRETTY_NAME of os-release(5). */
  readonly system: { readonly ids: readonly string[]; readonly version: string; readonly name: string };
  readonly kernel: string;
  /** As `uname -m`. */
  readonly architecture: string;
  /** Version of systemd where it is the init and says that it runs; what the init is otherwise. */
  readonly init: { readonly systemd: number; readonly state: string } | { readonly other: string };
  /** Controllers of control groups that limits can be set with, e.g. `memory`; and by which version. */
  readonly controlGroups: { readonly version: 'v2' | 'v1' | 'none'; readonly controllers: readonly string[] };
  /** Those of the asked programs that are there. */
  readonly programs: readonly string[];
  /** Those of the asked engines of containers that answer. */
  readonly engines: readonly Engine[];
  /** What `dpkg --audit` complains of: packages that an interrupted installation has left half-done. Absent where there is no dpkg. */
  readonly halfInstalled?: string;
  /** Whether `nft list ruleset` answers; chains of others that drop what is forwarded. */
  readonly nftables: { readonly answers: boolean; readonly dropForwarded: readonly string[] };
  /** Whether network, mount and process namespaces can be made. */
  readonly namespaces: boolean;
  /** Whether there are loop devices, by which a file is mounted. */
  readonly loops: boolean;
  /** How far its clock is before ours, in milliseconds; negative where it is behind. `error` is how wrong that can be. */
  readonly clock: { readonly aheadMs: number; readonly errorMs: number };
  /** Units that keep the clock, of those that are enabled. */
  readonly timeServices: readonly string[];
  /** Services that take connections from elsewhere, as `ADDRESS:PORT program`. */
  readonly listeners: readonly string[];
  readonly memoryBytes: number;
  readonly freeBytes: number;
}

/** One thing that a machine needs. `lacking` can be mended by `hosts prepare`; `blocked` cannot; `note` is for people to weigh. */
export interface Need {
  readonly id: string;
  readonly what: string;
  readonly state: 'fine' | 'lacking' | 'blocked' | 'note';
  /** What was seen. */
  readonly seen: string;
  /** What to do, for `blocked` and `note`. */
  readonly fix?: string;
}
