/** Holds the lease of a state directory while something changes. */
import { hostname } from 'node:os';
import { withHostLease } from '../apply/host-lease.ts';
import type { HostId } from '../core/words.ts';
import type { Placed } from './by-host.ts';
import type { CliContext } from './context.ts';
import type { Session } from './session.ts';

/** Throws BulkheadError `lease` (exit 6), naming the holder, when somebody else changes this fleet right now. */
export async function withLease<T>(context: CliContext, session: Pick<Session, 'state'>, command: string, body: () => Promise<T>): Promise<T> {
  const lease = session.state.acquireLease({ user: context.user, pid: context.pid, command });
  try {
    return await body();
  } finally {
    lease.release();
  }
}

/** The lease of a host beside it, where that is another machine: others may change it with a state file of their own. */
export async function withHost<T>(
  { user, pid, signal }: CliContext,
  { parts }: Session,
  { place: { id, layout }, command }: { readonly place: Pick<Placed, 'id' | 'layout'>; readonly command: string },
  body: () => Promise<T>,
): Promise<T> {
  return await withHostLease({ host: parts.hostOf(id), layout, holder: `${user}@${hostname()} runs bulkhead ${command} (pid ${pid})` }, body, signal);
}

/** Both, while one tenant changes. */
export async function withBoth<T>(
  context: CliContext,
  session: Session,
  { host, command }: { readonly host: HostId; readonly command: string },
  body: () => Promise<T>,
): Promise<T> {
  const place = { id: host, layout: session.layoutOf(host) };
  return await withLease(context, session, command, () => withHost(context, session, { place, command }, body));
}
