/** Files of a state that tell one state from another. Source: openclaw 2026.9.6 docs/gateway/security/secrets-and-storage.md; tables read in a new state. */
import type { TenantPaths } from '../core/blueprint.ts';

/** Databases of the state and of each agent. */
export function stateDatabases(paths: TenantPaths, agentDirs: readonly string[]): readonly string[] {
  return [stateDatabase(paths), ...[...new Set([paths.agentDir, ...agentDirs])].map((directory) => `${directory}/openclaw-agent.sqlite`)];
}

function stateDatabase({ state }: TenantPaths): string {
  return `${state}/state/openclaw.sqlite`;
}

/**
 * Made once for each state: its device keys, the key of its audit log, the key of its config journal, the devices that were paired with it and
 * when. A row or file that two states have was copied.
 */
export function stateMarks(
  paths: TenantPaths,
): readonly { readonly what: string; readonly file: string; readonly table?: string; readonly columns?: readonly string[] }[] {
  const file = stateDatabase(paths);
  return [
    { what: 'device identity', file, table: 'device_identities', columns: ['identity_key', 'device_id', 'public_key_pem'] },
    { what: 'paired device', file, table: 'device_pairing_paired', columns: ['device_id', 'public_key', 'created_at_ms', 'approved_at_ms'] },
    { what: 'audit key', file, table: 'audit_identity_keys', columns: ['key_id', 'created_at'] },
    { what: 'config journal key', file: `${paths.state}/config-journal-fingerprint.key` },
    { what: 'device identity of an older version', file: `${paths.state}/identity/device.json` },
  ];
}

/** Files beside the declared paths that hold secrets. */
export function secretBearers(paths: TenantPaths, agentDirs: readonly string[]): readonly { readonly what: string; readonly path: string }[] {
  const databases = stateDatabases(paths, agentDirs).map((path) => ({ what: 'database', path }));
  return [{ what: 'environment file', path: `${paths.state}/.env` }, ...databases];
}
