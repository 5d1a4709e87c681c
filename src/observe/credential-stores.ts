/**
 * Reads OpenClaw's credential stores (SQLite) as the tenant, read-only and bounded. Travels with the collectors. Source: openclaw 2026.9.6
 * docs/reference/database-schemas, docs/concepts/oauth.md (auth_profile_store; config_machine_state; secret_store_entries; mcp_oauth_stores).
 */
import { readdirSync } from 'node:fs';
import type { Masked, Masker } from '../openclaw/masking.ts';
import { sortOf } from './bounded-read.ts';
import { readTable, type Row } from './tenant-database.ts';

export interface StoresSeen {
  /** Credentials of model providers: one for each secret field of a profile. */
  readonly profiles: readonly {
    readonly database: string;
    readonly profile: string;
    readonly provider: string;
    /** `api_key`, `token`, `oauth`. */
    readonly type: string;
    readonly field: string;
    readonly value: Masked;
    /** What the profile itself says of its account. */
    readonly accounts: readonly string[];
  }[];
  readonly store: readonly { readonly name: string; readonly value: Masked }[];
  readonly mcp: readonly { readonly server: string; readonly value: Masked }[];
  /** People who were paired. */
  readonly senders: readonly { readonly channel: string; readonly entry: string }[];
}

const LIMITS = { rows: 1000, characters: 4 << 20 };
const MOST_AGENTS = 200;
/** Fields of a credential that are secrets, and those that say whose it is. */
const FIELDS = ['key', 'apiKey', 'token', 'access', 'refresh', 'idToken'];
const ACCOUNTS = ['email', 'accountId'];

export function readStores(
  { agents, stateDatabase }: { readonly agents: { readonly parent: string; readonly more: readonly string[] }; readonly stateDatabase: string },
  masker: Masker,
): StoresSeen {
  const directories = new Set([...agentDirectories(agents.parent), ...agents.more]);
  const perAgent = [...directories].flatMap((directory) => {
    const database = `${directory}/openclaw-agent.sqlite`;
    const rows = query(database, 'auth_profile_store', ['store_json']);
    return rows.flatMap((row) => profilesOf(database, row['store_json'], masker));
  });
  const shared = query(stateDatabase, 'config_machine_state', ['value_json'], "state_key = 'authProfiles.store'").flatMap((row) =>
    profilesOf(stateDatabase, row['value_json'], masker),
  );
  const store = query(stateDatabase, 'secret_store_entries', ['name', 'value'], "scope_kind = 'team' AND deleted_at_ms IS NULL");
  const mcp = query(stateDatabase, 'mcp_oauth_stores', ['store_key', 'store_json']);
  const senders = query(stateDatabase, 'channel_pairing_allow_entries', ['channel_key', 'entry']);
  return {
    profiles: [...perAgent, ...shared].slice(0, LIMITS.rows),
    store: store.map((row) => ({ name: text(row['name']), value: masker.text(text(row['value'])) })),
    mcp: mcp.flatMap((row) => tokensOf(row['store_json']).map((token) => ({ server: text(row['store_key']), value: masker.text(token) }))),
    senders: senders.map((row) => ({ channel: text(row['channel_key']), entry: text(row['entry']) })),
  };
}

function agentDirectories(parent: string): readonly string[] {
  if (sortOf(parent) === 'absent') return [];
  const names = readdirSync(parent);
  if (names.length > MOST_AGENTS) throw new Error(`${parent} has more than ${MOST_AGENTS} entries`);
  return names.map((name) => `${parent}/${name}/agent`);
}

function query(file: string, table: string, columns: readonly string[], where?: string): readonly Row[] {
  return readTable({ file, table, columns, ...(where === undefined ? {} : { where }) }, LIMITS);
}

function profilesOf(database: string, json: unknown, masker: Masker): StoresSeen['profiles'] {
  const profiles = fieldsOf(fieldsOf(parse(json))['profiles']);
  return Object.entries(profiles).flatMap(([profile, credential]) => {
    const fields = fieldsOf(credential);
    const accounts = ACCOUNTS.flatMap((name) => (typeof fields[name] === 'string' ? [text(fields[name])] : []));
    return FIELDS.flatMap((field) =>
      typeof fields[field] !== 'string' || fields[field] === ''
        ? []
        : [
            {
              database,
              profile: text(profile),
              provider: text(fields['provider']),
              type: text(fields['type']),
              field,
              value: masker.text(fields[field]),
              accounts,
            },
          ],
    );
  });
}

/** Everything that is called a token in what an MCP login left behind. */
function tokensOf(json: unknown): readonly string[] {
  const found: string[] = [];
  const visit = (value: unknown, name: string, depth: number): void => {
    if (typeof value === 'string' && /(?:access_token|refresh_token|client_secret)$/i.test(name) && found.length < 20) found.push(value);
    if (typeof value === 'object' && value !== null && depth < 8) for (const [key, item] of Object.entries(value)) visit(item, key, depth + 1);
  };
  visit(parse(json), '', 0);
  return found;
}

function parse(json: unknown): unknown {
  try {
    return typeof json === 'string' ? JSON.parse(json) : undefined;
  } catch {
    throw new Error('a credential store holds something else than JSON');
  }
}

function fieldsOf(value: unknown): Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Row) : {};
}

function text(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 320) : '';
}
