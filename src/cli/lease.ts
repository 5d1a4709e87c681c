/** Holds the lease of a state directory while something changes. */
import type { CliContext } from './context.ts';
import type { Session } from './session.ts';

/** Throws BulkheadError `lease` (exit 6), naming the holder, when somebody else changes this fleet right now. */
export async function withLease<T>(context: CliContext, session: Session, command: string, body: () => Promise<T>): Promise<T> {
  const lease = session.state.acquireLease({ user: context.user, pid: context.pid, command });
  try {
    return await body();
  } finally {
    lease.release();
  }
}
