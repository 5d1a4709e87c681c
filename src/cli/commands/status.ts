/** `bulkhead status`: which gateways run, by the supervisor and by the gateways themselves. Exit 3 when one cannot be told. */
import { printJson } from '../../report/escape.ts';
import type { Blueprint } from '../../core/blueprint.ts';
import type { ServiceStatus } from '../../core/host.ts';
import { BulkheadError, EXIT_CODES } from '../../core/error.ts';
import { observeGateways, type GatewayView } from '../../observe/gateways.ts';
import { reason } from '../../observe/subject.ts';
import { statusText, type StatusRow } from '../../report/status-text.ts';
import { action } from '../action.ts';
import { placed, type Placed } from '../by-host.ts';
import type { CliContext } from '../context.ts';
import type { CommonFlags } from '../flags.ts';
import { openSession, selectTenants, type Session } from '../session.ts';

/** A host that has not answered by then is told as one that does not. */
const MOST_MS = 20_000;

export const status = action(async (context, flags: CommonFlags, ...tenants: readonly string[]) => {
  const session = await openSession(context, flags);
  const blueprints = selectTenants(session, tenants);
  const known = new Map((await Promise.all(placed(session, blueprints).map((place) => rowsOn(context, session, place)))).flat());
  const rows = blueprints.map((blueprint): StatusRow => {
    const row = known.get(blueprint.tenant) ?? rowOf(blueprint, undefined, undefined);
    const quarantine = session.quarantined.get(blueprint.tenant);
    return quarantine === undefined ? row : { ...row, quarantinedSince: quarantine.since };
  });
  const exitCode = rows.every(({ state }) => state === 'running') ? EXIT_CODES.ok : EXIT_CODES.unverified;
  if (flags.json) context.print(`${printJson({ ok: exitCode === 0, exitCode, tenants: rows })}\n`);
  else context.print(statusText(rows, { color: context.color, width: context.width }));
  return exitCode;
});

/** A host that cannot be asked makes its own tenants unknown; a failure of the machine that this runs on is one of the command. */
async function rowsOn(
  context: CliContext,
  { parts }: Session,
  { id, layout, blueprints }: Placed,
): Promise<readonly (readonly [string, StatusRow])[]> {
  const late = AbortSignal.timeout(MOST_MS);
  const signal = id === 'local' ? context.signal : AbortSignal.any([context.signal, late]);
  try {
    const host = parts.hostOf(id);
    const [{ services }, gateways] = await Promise.all([
      parts.supervisorOf(id, signal).then((supervisor) => supervisor.observe(host, layout, signal)),
      observeGateways({ blueprints, layout, host, isolationOf: parts.isolationOf, signal }),
    ]);
    return blueprints.map((one) => [one.tenant, rowOf(one, services.get(one.serviceName)?.status, gateways.get(one.tenant))]);
  } catch (error) {
    context.signal.throwIfAborted();
    if (id === 'local') throw error;
    const hint = error instanceof BulkheadError ? `; ${error.hint}` : '';
    const why = late.aborted
      ? `${id} did not answer within ${MOST_MS / 1000} s; look at it with: bulkhead hosts check ${id}`
      : `${reason(error, context.signal)}${hint}`;
    return blueprints.map((one) => [one.tenant, { ...baseOf(one), state: 'unknown', reason: why }]);
  }
}

function baseOf({ tenant, rung, host, publishedPort }: Blueprint) {
  return { tenant, rung, host, port: publishedPort };
}

/** The supervisor says whether it runs; only the gateway's own answer, from a listener that is its own, makes it `running`. */
function rowOf(blueprint: Blueprint, service: ServiceStatus | undefined, gateway: GatewayView | undefined): StatusRow {
  const row = baseOf(blueprint);
  if (service === undefined) return { ...row, state: 'not-built', reason: `build it with: bulkhead apply ${blueprint.tenant}` };
  const known = { ...row, restarts: service.restarts };
  if (service.state !== 'running') return { ...known, state: service.state, ...(service.reason === undefined ? {} : { reason: service.reason }) };
  if (gateway === undefined || !gateway.ok) return { ...known, state: 'unknown', reason: gateway?.why ?? 'nothing is known of its gateway' };
  return { ...known, state: 'running', version: gateway.version, pid: gateway.pid };
}
