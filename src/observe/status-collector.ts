/**
 * Runs on another machine as whoever runs Bulkhead (Node on standard input): what host-collector.ts tells of its tenants, and the hello of each gateway whose
 * listener is its own. In one program, since starting Node is most of what a look at a machine costs.
 */
import { main as ask } from '../openclaw/gateway-client.ts';
import type { GatewayRequest } from '../openclaw/gateway-client.ts';
import { main as lookAtHost } from './host-collector.ts';
import type { HostCollected, HostRequest } from './host-collector.ts';
import { whyNotOwn } from './own-listener.ts';
import type { Door } from './own-listener.ts';

export interface StatusRequest {
  readonly host: HostRequest;
  readonly gateways: readonly { readonly tenant: string; readonly door: Door; readonly ask: GatewayRequest }[];
}

export interface StatusCollected {
  readonly host: HostCollected;
  /** As gateway-client.ts answers, by tenant; of one that was not asked there is none. */
  readonly hellos: Readonly<Record<string, unknown>>;
}

export async function main({ host, gateways }: StatusRequest): Promise<StatusCollected> {
  const seen = await lookAtHost(host);
  const hellos = await Promise.all(
    gateways.map(async ({ tenant, door, ask: request }) => {
      const { process, listener } = seen.tenants[tenant] ?? {};
      if (process?.ok !== true || listener?.ok !== true || whyNotOwn(door, process.value, listener.value) !== undefined) return [];
      return [[tenant, await askOne(request)] as const];
    }),
  );
  return { host: seen, hellos: Object.fromEntries(hellos.flat()) };
}

/** One that could not even be asked is told as such. */
async function askOne(request: GatewayRequest): Promise<unknown> {
  try {
    return await ask(request);
  } catch (error) {
    return { ok: false, why: (error instanceof Error ? error.message : String(error)).slice(0, 300) };
  }
}
