/** What a keeper is given and what it holds of one service. */
import type { ChildProcess } from 'node:child_process';
import type { Service } from '../../core/host.ts';
import type { Pace } from './backoff.ts';
import type { Guard } from './guard.ts';
import type { ProcessId } from './process.ts';

export interface Definition {
  readonly service: Service;
  readonly hash: string;
}

export interface KeeperTools {
  readonly records: string;
  readonly pace: Pace;
  readonly guard?: Guard;
  readonly random: () => number;
  readonly log: (line: string) => void;
}

/** `child` is absent for a process adopted from an earlier supervisor: its exit status cannot be known. */
export interface Run {
  readonly id: ProcessId;
  readonly definition: string;
  readonly child?: ChildProcess;
  readonly since: number;
}
