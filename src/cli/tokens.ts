/** Reads gateway tokens on the operator's machine, from the directory that tenants cannot change. */
import { readFileSync } from 'node:fs';
import type { Blueprint } from '../core/blueprint.ts';
import type { TenantId } from '../core/words.ts';
import { gatewayTokenFile } from '../openclaw/secrets.ts';

/** Undefined while the tenant is not built. */
export function readGatewayToken(blueprints: readonly Blueprint[], tenant: TenantId): string | undefined {
  const blueprint = blueprints.find((one) => one.tenant === tenant);
  if (blueprint === undefined) return undefined;
  try {
    return readFileSync(gatewayTokenFile(blueprint.paths), 'utf8').trim();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
