/** Opens what a command works on: manifest → fleet → blueprints, the layout, the state file and the concrete parts. */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { makeBlueprints } from '../blueprint/blueprints.ts';
import { withQuarantine } from '../blueprint/quarantine.ts';
import { composeParts, type Parts } from '../composition.ts';
import type { Blueprint, Layout } from '../core/blueprint.ts';
import { BulkheadError } from '../core/error.ts';
import type { Fleet } from '../core/fleet.ts';
import type { HostId, TenantId } from '../core/words.ts';
import { formatProblem, parseManifest } from '../manifest/parse.ts';
import { openState, type State } from '../state/state.ts';
import type { Quarantine } from '../state/quarantine.ts';
import type { CliContext } from './context.ts';
import type { CommonFlags } from './flags.ts';
import { layoutFor, layoutsFrom } from './layouts.ts';
import { leasePorts } from './lease-ports.ts';

const MAX_MANIFEST_BYTES = 1 << 20;

export interface Session {
  readonly fleet: Fleet;
  /** Of the operator's machine: the state file, evidence, tenants on the host `local`. */
  readonly layout: Layout;
  layoutOf(host: HostId): Layout;
  readonly parts: Parts;
  readonly state: State;
  /** Tenants in quarantine: their blueprints are not what the manifest says. */
  readonly quarantined: ReadonlyMap<TenantId, Quarantine>;
  /** All tenants of the manifest, in its order. */
  readonly blueprints: readonly Blueprint[];
  /** Whose ports could not be looked for on their host. */
  readonly guessed: ReadonlySet<TenantId>;
}

/** Reads the manifest and decides everything that is left open. Writes nothing but an empty state file. */
export async function openSession(context: CliContext, flags: CommonFlags): Promise<Session> {
  const fleet = readFleet(context, flags.file ?? 'bulkhead.yaml');
  const layout = layoutFor(context, flags.stateDir);
  const layoutOf = layoutsFrom(layout);
  const parts = partsFor(context, fleet);
  const state = openState(join(layout.stateDir, 'bulkhead.db'));
  try {
    const ask = { tenants: fleet.tenants, remembered: state.portLeases(), hostOf: parts.hostOf, signal: context.signal };
    const { leases, guessed } = await leasePorts(ask);
    const quarantined = state.quarantines();
    const blueprints = makeBlueprints(withQuarantine(fleet, new Set(quarantined.keys())), layoutOf, leases);
    return { fleet, layout, layoutOf, parts, state, quarantined, blueprints, guessed };
  } catch (error) {
    // A watch opens one session after the other.
    state.close();
    throw error;
  }
}

/** The concrete parts for a fleet's hosts. BULKHEAD_SSH_CONFIG names a config for ssh instead of the operator's own; it loosens nothing. */
function partsFor(context: CliContext, { hosts }: Pick<Fleet, 'hosts'>): Parts {
  const config = context.env['BULKHEAD_SSH_CONFIG'];
  return composeParts({ hosts, ...(config === undefined || config === '' ? {} : { sshConfig: resolve(context.cwd, config) }) });
}

/** Uses the parts for a fleet's hosts without a session; the connections are closed afterwards, whatever happened. */
export async function withParts<T>(context: CliContext, fleet: Pick<Fleet, 'hosts'>, use: (parts: Parts) => Promise<T>): Promise<T> {
  const parts = partsFor(context, fleet);
  try {
    return await use(parts);
  } finally {
    await parts.close();
  }
}

/** The same fleet with one more tenant, or one less, in quarantine; ports stay. */
export function blueprintsWith({ fleet, layoutOf, blueprints }: Session, quarantined: Iterable<TenantId>): readonly Blueprint[] {
  return makeBlueprints(withQuarantine(fleet, new Set(quarantined)), layoutOf, new Map(blueprints.map(({ tenant, ports }) => [tenant, ports])));
}

/** Says of the named tenants which are built closed, whatever the manifest says. */
export function quarantineNotes({ quarantined }: Pick<Session, 'quarantined'>, tenants: readonly Blueprint[]): string {
  const known = tenants.flatMap(({ tenant }) => {
    const how = quarantined.get(tenant);
    return how === undefined
      ? []
      : [`! ${tenant} is in quarantine since ${how.since} (${how.by}): no channels, no tools, no egress; end it with: bulkhead release ${tenant}\n`];
  });
  return known.join('');
}

export function readFleet(context: CliContext, file: string): Fleet {
  const path = resolve(context.cwd, file);
  const bytes = readManifest(path, file);
  const parsed = parseManifest(bytes, file, createHash('sha256').update(bytes).digest('hex'));
  if (parsed.ok) return parsed.fleet;
  const count = parsed.problems.length;
  throw new BulkheadError(
    'manifest',
    `${file} has ${count} problem${count === 1 ? '' : 's'}:\n${parsed.problems.map(formatProblem).join('\n')}`,
    `mend ${file}; bulkhead schema prints what it may hold`,
  );
}

function readManifest(path: string, shown: string): Uint8Array {
  try {
    const found = statSync(path);
    if (!found.isFile()) throw new BulkheadError('manifest', `${shown} is not a file`, 'name the manifest with -f FILE');
    if (found.size > MAX_MANIFEST_BYTES) {
      throw new BulkheadError(
        'manifest',
        `${shown} has ${found.size} bytes; a manifest may have ${MAX_MANIFEST_BYTES}`,
        'name the right file with -f FILE',
      );
    }
    return readFileSync(path);
  } catch (cause) {
    if (cause instanceof BulkheadError) throw cause;
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    const hint = missing ? 'write one with: bulkhead init, or name one with -f FILE' : 'name a readable manifest with -f FILE';
    throw new BulkheadError('manifest', missing ? `there is no ${shown} here` : `cannot read ${shown}`, hint, { cause });
  }
}

/** The blueprints of the named tenants, or of all. */
export function selectTenants(session: Session, names: readonly TenantId[]): readonly Blueprint[] {
  const known = new Set(session.blueprints.map((blueprint) => blueprint.tenant));
  const wrong = names.find((name) => !known.has(name));
  if (wrong !== undefined) {
    throw new BulkheadError('usage', `the manifest has no tenant ${wrong}`, `its tenants are: ${[...known].join(', ')}`);
  }
  return names.length === 0 ? session.blueprints : session.blueprints.filter((blueprint) => names.includes(blueprint.tenant));
}

export function theTenant(session: Session, name: TenantId): Blueprint {
  const blueprint = selectTenants(session, [name])[0];
  if (blueprint === undefined) throw new BulkheadError('usage', `the manifest has no tenant ${name}`, 'name one of its tenants');
  return blueprint;
}
