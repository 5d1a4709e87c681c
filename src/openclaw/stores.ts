/** Where OpenClaw and its browsers keep profiles and pairings. Source: openclaw 2026.9.6 dist (chrome launch, state database schema). */
import type { TenantPaths } from '../core/blueprint.ts';

/** What is read of an SQLite file: columns of one table, the first one names the row. */
export interface StoreQuery {
  readonly file: string;
  readonly table: string;
  readonly columns: readonly string[];
  readonly where: string;
}

/** One directory per managed profile, `user-data` in each. */
export function browserStore(paths: Pick<TenantPaths, 'state'>): { readonly browserDir: string; readonly userData: string } {
  return { browserDir: `${paths.state}/browser`, userData: 'user-data' };
}

/** Devices that were paired as nodes; operators' own devices are in the same table. */
export function pairedNodesQuery(paths: Pick<TenantPaths, 'state'>): StoreQuery {
  return {
    file: `${paths.state}/state/openclaw.sqlite`,
    table: 'device_pairing_paired',
    columns: ['device_id', 'display_name'],
    where: `role = 'node' OR roles_json LIKE '%"node"%'`,
  };
}

/** Host names that set cookies in a Chromium profile; its values are not asked for. */
export const COOKIE_HOSTS = { table: 'cookies', columns: ['DISTINCT host_key'] } as const;

/** Open WebUI's variables; each may hold several values set apart by `;`. Source: docs.openwebui.com, environment configuration. */
export const OPEN_WEBUI = {
  keys: ['OPENAI_API_KEY', 'OPENAI_API_KEYS'],
  urls: ['OPENAI_API_BASE_URL', 'OPENAI_API_BASE_URLS'],
} as const;
