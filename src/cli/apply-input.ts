/** What planning and applying work on, from a session. */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ApplyInput } from '../apply/apply-fleet.ts';
import type { SecretValues } from '../apply/secret-values.ts';
import type { Blueprint } from '../core/blueprint.ts';
import { BulkheadError } from '../core/error.ts';
import type { WatchService } from '../core/host.ts';
import { placed, type Placed } from './by-host.ts';
import type { CliContext } from './context.ts';
import type { Session } from './session.ts';
import { closedAbove } from './state-directory.ts';

/** For one host. Throws BulkheadError `host` when a tenant's rung cannot be had there. */
export async function applyInput(context: CliContext, session: Session, place: Placed, secrets: SecretValues): Promise<ApplyInput> {
  const { parts, fleet } = session;
  const { id, layout, blueprints } = place;
  const host = parts.hostOf(id);
  const isHere = id === 'local';
  if (isHere) refuseClosed(place);
  // One look for each kind of boundary: it asks about the machine, not about the tenant.
  for (const blueprint of new Map(blueprints.map((one) => [`${one.rung} ${one.rootless === true}`, one])).values()) {
    const fingerprint = await parts.isolationOf(blueprint).fingerprint(host, context.signal, blueprint);
    if (fingerprint.state === 'usable') continue;
    const fix = fingerprint.state === 'unusable' ? fingerprint.fix : 'run it again; --json shows the whole error';
    throw new BulkheadError(
      'host',
      `${blueprint.tenant} on ${blueprint.host}: the rung ${blueprint.rung} cannot be had ${isHere ? 'here' : 'there'}: ${fingerprint.reason}`,
      isHere ? fix : `on ${id}: ${fix}`,
    );
  }
  const supervisor = await parts.supervisorOf(id, context.signal);
  const common = { blueprints, layout, secrets, supervisor, host, isolationOf: parts.isolationOf, fleet: fleet.name };
  if (!isHere) return { ...common, source: { host: parts.hostOf('local'), layout: session.layout } };
  const watch = watchServiceOf(context, session);
  if (watch !== undefined && supervisor.watch === undefined)
    context.note(`! no systemd here: nothing keeps the fleet watched; keep this running: bulkhead ${watch.argv.slice(2).join(' ')}\n`);
  return { ...common, ...(watch === undefined ? {} : { watch }) };
}

/** Also the operator's own machine where no tenant is on it: what keeps the fleet watched is there. */
export function placesToApply(session: Session, blueprints: readonly Blueprint[]): readonly Placed[] {
  const places = placed(session, blueprints);
  if (places.some(({ id }) => id === 'local')) return places;
  return [...places, { id: 'local', layout: session.layout, blueprints: [] }];
}

function refuseClosed({ layout, blueprints }: Placed): void {
  const closed = blueprints.some(({ user }) => user !== undefined) ? closedAbove(layout.stateDir) : undefined;
  if (closed === undefined) return;
  const hint = `name another with --state-dir DIR, below folders that others can pass through (chmod o+x ${closed})`;
  throw new BulkheadError('host', `tenants cannot reach their own trees in ${layout.stateDir}: ${closed} lets no other user through`, hint);
}

/** What the manifest says of `verify`, as the command that a unit runs: with nothing of the folder or the variables of whoever applies it. */
export function watchServiceOf(
  { cwd, env }: Pick<CliContext, 'cwd' | 'env'>,
  { fleet, layout }: Pick<Session, 'fleet' | 'layout'>,
): WatchService | undefined {
  if (fleet.verify === undefined) return undefined;
  const { every, attackEvery, webhookFile, metrics } = fleet.verify;
  const program = fileURLToPath(new URL('../../bin/bulkhead.mjs', import.meta.url));
  const flags = { '--every': every, '--attack-every': attackEvery, '--webhook-file': webhookFile, '--metrics': metrics };
  const given = Object.entries(flags).flatMap(([flag, value]) => (value === undefined ? [] : [flag, value]));
  const runtimes = env['BULKHEAD_RUNTIMES'];
  return {
    fleet: fleet.name,
    argv: [layout.install.node, program, 'verify', '--watch', '-f', resolve(cwd, fleet.source.path), '--state-dir', layout.stateDir, ...given],
    environment: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root', ...(runtimes === undefined ? {} : { BULKHEAD_RUNTIMES: runtimes }) },
  };
}
