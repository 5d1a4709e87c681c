/** What planning and applying work on, from a session. */
import type { ApplyInput } from '../apply/apply-fleet.ts';
import type { SecretValues } from '../apply/secret-values.ts';
import type { Blueprint } from '../core/blueprint.ts';
import { BulkheadError } from '../core/error.ts';
import type { CliContext } from './context.ts';
import type { Session } from './session.ts';
import { closedAbove } from './state-directory.ts';

/** Throws BulkheadError `host` when a tenant's rung cannot be had on this machine by this user. */
export async function applyInput(
  context: CliContext,
  session: Session,
  blueprints: readonly Blueprint[],
  secrets: SecretValues,
): Promise<ApplyInput> {
  const { parts, layout } = session;
  const host = parts.hostOf('local');
  for (const blueprint of blueprints) parts.hostOf(blueprint.host);
  const closed = blueprints.some(({ user }) => user !== undefined) ? closedAbove(layout.stateDir) : undefined;
  if (closed !== undefined) {
    const hint = `name another with --state-dir DIR, below folders that others can pass through (chmod o+x ${closed})`;
    throw new BulkheadError('host', `tenants cannot reach their own trees in ${layout.stateDir}: ${closed} lets no other user through`, hint);
  }
  // One look per rung: it asks about the machine, not about the tenant.
  for (const blueprint of new Map(blueprints.map((one) => [one.rung, one])).values()) {
    const fingerprint = await parts.isolationOf(blueprint).fingerprint(host, context.signal);
    if (fingerprint.state === 'usable') continue;
    const fix = fingerprint.state === 'unusable' ? fingerprint.fix : 'run it again; --json shows the whole error';
    throw new BulkheadError(
      'host',
      `${blueprint.tenant} on ${blueprint.host}: the rung ${blueprint.rung} cannot be had here: ${fingerprint.reason}`,
      fix,
    );
  }
  const supervisor = await parts.supervisor(context.signal);
  return { blueprints, layout, secrets, supervisor, host, isolationOf: parts.isolationOf };
}
