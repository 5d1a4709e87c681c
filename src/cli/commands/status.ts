/** `bulkhead status`: which gateways run, by the supervisor and by the gateways themselves. Exit 3 when one cannot be told. */
import { printJson } from '../../report/escape.ts';
import type { Blueprint } from '../../core/blueprint.ts';
import type { ServiceStatus } from '../../core/host.ts';
import { EXIT_CODES } from '../../core/error.ts';
import { observeGateways } from '../../observe/gateways.ts';
import { statusText, type StatusRow } from '../../report/status-text.ts';
import { action } from '../action.ts';
import type { CommonFlags } from '../flags.ts';
import { openSession, selectTenants } from '../session.ts';

export const status = action(async (context, flags: CommonFlags, ...tenants: readonly string[]) => {
  const session = await openSession(context, flags);
  const blueprints = selectTenants(session, tenants);
  const host = session.parts.hostOf('local');
  const supervised = session.parts.supervisor(context.signal);
  const [{ services }, gateways] = await Promise.all([
    supervised.then((supervisor) => supervisor.observe(host, session.layout, context.signal)),
    observeGateways({ blueprints, layout: session.layout, host, isolationOf: session.parts.isolationOf, signal: context.signal }),
  ]);
  const rows = blueprints.map((blueprint): StatusRow => {
    const row = rowOf(blueprint, services.get(blueprint.serviceName)?.status, gateways.get(blueprint.tenant));
    const quarantine = session.quarantined.get(blueprint.tenant);
    return quarantine === undefined ? row : { ...row, quarantinedSince: quarantine.since };
  });
  const exitCode = rows.every(({ state }) => state === 'running') ? EXIT_CODES.ok : EXIT_CODES.unverified;
  if (flags.json) context.print(`${printJson({ ok: exitCode === 0, exitCode, tenants: rows })}\n`);
  else context.print(statusText(rows, { color: context.color, width: context.width }));
  return exitCode;
});

type Gateway =
  | { readonly ok: true; readonly version: string; readonly pid?: number; readonly latencyMs: number }
  | { readonly ok: false; readonly why: string };

/** The supervisor says whether it runs; only the gateway's own answer, from a listener that is its own, makes it `running`. */
function rowOf(blueprint: Blueprint, service: ServiceStatus | undefined, gateway: Gateway | undefined): StatusRow {
  const row = { tenant: blueprint.tenant, rung: blueprint.rung, port: blueprint.publishedPort };
  if (service === undefined) return { ...row, state: 'not-built', reason: `build it with: bulkhead apply ${blueprint.tenant}` };
  const known = { ...row, restarts: service.restarts };
  if (service.state !== 'running') return { ...known, state: service.state, ...(service.reason === undefined ? {} : { reason: service.reason }) };
  if (gateway === undefined || !gateway.ok) return { ...known, state: 'unknown', reason: gateway?.why ?? 'nothing is known of its gateway' };
  return { ...known, state: 'running', version: gateway.version, ...(gateway.pid === undefined ? {} : { pid: gateway.pid }) };
}
