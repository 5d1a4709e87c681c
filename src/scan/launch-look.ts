/** Runs as the user of some gateways (Node on standard input): where their config and state really are, and what their configs say. Decides nothing. */
import { main as lookAtTenant, type TenantCollected, type TenantRequest } from '../observe/tenant-collector.ts';

export interface LaunchLookRequest {
  readonly launches: readonly TenantRequest[];
}

export async function main({ launches }: LaunchLookRequest): Promise<readonly TenantCollected[]> {
  return await Promise.all(launches.map(async (launch) => await lookAtTenant(launch)));
}
