/** What the tests of `bulkhead scan` have in common. */
import assert from 'node:assert/strict';
import type { ScanWorld, WorldUser } from './scan-world.ts';

export const SCAN_PROGRAMS = ['unshare', 'nsenter', 'setpriv', 'mount', 'ip', 'curl', 'pgrep', 'ps'];

export interface ScanDocument {
  readonly exitCode: number;
  readonly findings: readonly {
    readonly id: string;
    readonly verdict: string;
    readonly tenants: readonly string[];
    readonly message: string;
    readonly evidence: readonly string[];
  }[];
  readonly matrix: readonly {
    readonly tenant: string;
    readonly cells: Readonly<Record<string, { readonly value: string; readonly unique: string }>>;
  }[];
  readonly scan: {
    readonly gateways: readonly {
      readonly tenant: string;
      readonly rung: string;
      readonly why: string;
      readonly seenAs: readonly { readonly kind: string; readonly where: string }[];
    }[];
    readonly sources: readonly { readonly what: string; readonly state: string; readonly detail: string }[];
  };
}

export const config = (token: string, more: object = {}): string =>
  JSON.stringify({ gateway: { mode: 'local', bind: 'loopback', auth: { mode: 'token', token } }, ...more });

/** The same, written by the real `openclaw config set`. `argv` comes first: a profile. */
export async function setConfig(
  world: ScanWorld,
  owner: WorldUser,
  token: string,
  { argv = [], more = {} }: { argv?: readonly string[]; more?: object } = {},
): Promise<void> {
  const operations = Object.entries({ 'gateway.mode': 'local', 'gateway.bind': 'loopback', 'gateway.auth': { mode: 'token', token }, ...more }).map(
    ([path, value]: readonly [string, unknown]) => ({ path, value }),
  );
  const { exit, stderr } = await world.openclaw(owner, [...argv, 'config', 'set', '--batch-json', JSON.stringify(operations)]);
  assert.equal(exit, 0, stderr);
}

export async function scan(world: ScanWorld, ...flags: readonly string[]): Promise<ScanDocument> {
  const { stdout, stderr, exit } = await world.scan('--json', ...flags);
  const document = JSON.parse(stdout || '{}') as ScanDocument;
  assert.equal(document.exitCode, exit, stderr);
  return document;
}

export function failed({ findings }: ScanDocument, id: string, ...tenants: readonly string[]): void {
  const found = findings.filter((one) => one.id === id && one.verdict === 'fail');
  assert.ok(
    found.some((one) => tenants.every((tenant) => one.tenants.includes(tenant))),
    `${id} of ${tenants.join(', ')}: ${JSON.stringify(found.map((one) => one.tenants))}`,
  );
}

export const rungs = ({ scan: { gateways } }: ScanDocument): Readonly<Record<string, string>> =>
  Object.fromEntries(gateways.map(({ tenant, rung }) => [tenant, rung]));
