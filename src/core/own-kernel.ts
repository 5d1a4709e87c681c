/** A gateway whose system calls are not answered by the host's kernel: gVisor's `runsc`, one kernel in user space for each container. */
import type { ProcessFact } from './facts.ts';

/** Told inside, but for `files`. */
export interface OwnKernel {
  readonly release: string;
  /** How its log begins. */
  readonly log: string;
  /** Stands for every namespace in there: it numbers none that could be compared. See `openclaw/own-namespaces.ts`. */
  readonly sandbox: string;
  /** The host's process that opens files for it and has what is mounted. */
  readonly files: number;
  readonly hidepid: string;
  readonly tmp: string;
  readonly shm: string;
}

/** Namespaces of a gateway as a program beside it tells its own. The network is the host's in any case, and told inside like the rest. */
export function namespacesInside({ namespaces, kernel }: ProcessFact): Readonly<Record<string, string>> {
  return kernel === undefined ? namespaces : { ...namespaces, net: kernel.sandbox };
}
