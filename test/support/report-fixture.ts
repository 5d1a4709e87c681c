/** A made-up verification of two clients, for tests and for the picture in the README. Nothing in it was measured. */
import { tenantFacts, wholeHost } from '../../src/checks/testing/clean-facts.ts';
import type { Finding } from '../../src/core/check.ts';
import { known, unknown, type Facts, type PathRole, type TenantFacts } from '../../src/core/facts.ts';
import type { ProbeResult } from '../../src/core/probe.ts';
import { MATRIX_COLUMNS, type MatrixCell, type MatrixColumn, type VerifyReport } from '../../src/core/report.ts';

const TAKEN_AT = '2026-11-24T09:30:00.000Z';
const ROLES: readonly PathRole[] = ['config', 'state', 'workspace', 'credentials', 'agent', 'browser', 'log', 'backup'];

/** Facts of one os-user tenant that shares nothing but its host. */
export function fixtureTenant(tenant: string, index = 0): TenantFacts {
  const root = `/var/lib/bulkhead/tenants/${tenant}`;
  const first = 20_000 + 120 * index;
  return {
    ...tenantFacts(tenant, index),
    boundary: { owner: `${tenant}@hexaworks.example`, data: `${tenant} support tickets`, members: [] },
    browser: true,
    declared: { configPath: `${root}/config/openclaw.json`, stateDir: `${root}/state`, gatewayPort: 18_789, publishedPort: first },
    paths: known(
      ROLES.map((role) => ({
        role,
        declared: `${root}/${role}`,
        real: `${root}/${role}`,
        exists: true,
        identity: `1:${index * 100 + ROLES.indexOf(role)}`,
      })),
      'stat inside the boundary',
    ),
    secrets: known(
      [
        { role: 'gateway-token', location: `file:/var/lib/bulkhead/secrets/${tenant}/gateway-token`, digest: `token-of-${tenant}` },
        { role: 'channel:telegram', location: `file:/var/lib/bulkhead/secrets/${tenant}/channel-telegram`, digest: `bot-of-${tenant}` },
        { role: 'model:anthropic', location: `file:/var/lib/bulkhead/secrets/${tenant}/model-anthropic`, digest: `key-of-${tenant}` },
      ],
      'secret files, compared by keyed hash',
    ),
    identities: known(
      [{ channel: 'telegram', account: String(700_000 + index), location: 'config', reference: `env:${tenant.toUpperCase()}_TELEGRAM` }],
      'config',
    ),
    ports: known({ first, last: first + 119, published: first, namespace: `40265322${index}` }, 'listener'),
    user: known({ name: `bh-${tenant}`, uid: 900 + index }, 'passwd'),
    policy: known({ preset: 'support', restricted: true, drifted: [] }, 'config'),
    claim: known(
      { version: '2026.9.6', configPath: `${root}/config/openclaw.json`, stateDir: `${root}/state`, authMode: 'token', latencyMs: 17 },
      'websocket',
    ),
    audit: known(
      {
        ranAs: { uid: 900 + index, configPath: `${root}/config/openclaw.json`, namespaces: {} },
        summary: { critical: 0, warn: 1, info: 2 },
        findings: [],
        takenAt: TAKEN_AT,
      },
      'openclaw security audit',
    ),
    effective: known({ tools: ['message', 'session_status'], sessions: 1 }, 'websocket'),
    statusDigest: known(`status-of-${tenant}`, 'websocket'),
  };
}

export function fixtureFacts(tenants: readonly TenantFacts[]): Facts {
  return {
    phase: 'observed',
    takenAt: TAKEN_AT,
    trust: { default: 'clients', relations: [] },
    risks: [
      {
        item: 'host-admins',
        tenants: tenants.map(({ tenant }) => tenant),
        risk: 'Our two administrators can read everything of every client.',
        owner: 'security@hexaworks.example',
        until: '2027-03-01',
      },
    ],
    hosts: [{ ...wholeHost(), accounts: unknown('test'), machine: unknown('test'), kernel: known({ bootId: 'b', namespaces: {} }, '/proc') }],
    tenants,
  };
}

export function fixtureFinding(over: Partial<Finding> = {}): Finding {
  return {
    id: 'state.dir-shared',
    kind: 'check',
    verdict: 'pass',
    severity: 'info',
    tenants: ['acme', 'globex'],
    title: 'Two tenants use one state directory',
    message: 'looked at 2 tenants, found none',
    evidence: [],
    fix: 'Give each tenant a state directory of its own.',
    item: 'state-directory',
    ...over,
  };
}

export function fixtureProbe(over: Partial<ProbeResult> = {}): ProbeResult {
  return {
    id: 'files.read-state',
    attacker: 'acme',
    victim: 'globex',
    verdict: 'contained',
    severity: 'critical',
    detail: 'open: ENOENT',
    positiveControl: { held: true, detail: 'globex reads its own canary' },
    negativeControl: { held: true, detail: 'a decoy made readable was caught' },
    durationMs: 12,
    ...over,
  };
}

const MATRIX_VALUES: Readonly<Record<MatrixColumn, (tenant: string) => string>> = {
  'status-output': (tenant) => `version 2026.9.6, state /var/lib/bulkhead/tenants/${tenant}/state`,
  port: (tenant) => (tenant === 'acme' ? '127.0.0.1:20000' : '127.0.0.1:20120'),
  workspace: (tenant) => `/var/lib/bulkhead/tenants/${tenant}/workspace`,
  'state-directory': (tenant) => `/var/lib/bulkhead/tenants/${tenant}/state`,
  'credentials-store': (tenant) => `/var/lib/bulkhead/tenants/${tenant}/state/credentials`,
  'channel-account': (tenant) => (tenant === 'acme' ? 'telegram 700000' : 'telegram 700001'),
  'browser-profile': (tenant) => `/var/lib/bulkhead/tenants/${tenant}/state/browser/openclaw/user-data`,
};
const PASSED = [
  ['state.dir-shared', 'state-directory'],
  ['workspace.shared', 'workspace'],
  ['browser.userdata-shared', 'browser-profile'],
  ['channel.telegram-bot-shared', 'channel-credentials'],
  ['model.credential-shared', 'model-credentials'],
  ['token.gateway-shared', 'gateway-token'],
  ['port.derived-overlap', 'port'],
  ['log.file-shared', 'logs'],
  ['backup.dest-shared', 'backups'],
] as const;

export function fixtureReport(over: Partial<VerifyReport> = {}): VerifyReport {
  const tenants = [fixtureTenant('acme', 0), fixtureTenant('globex', 1)];
  const matrix = tenants.flatMap(({ tenant }) =>
    MATRIX_COLUMNS.map((column): MatrixCell => ({ tenant, column, value: MATRIX_VALUES[column](tenant), source: 'fixture', unique: 'yes' })),
  );
  const probes = ['agent.read', 'browser.cdp-reach', 'files.read-state', 'gateway.reach', 'gateway.token-replay-ws', 'process.environ'].flatMap(
    (id) => [fixtureProbe({ id }), fixtureProbe({ id, attacker: 'globex', victim: 'acme' })],
  );
  const accepted = { risk: 'Our two administrators can read everything of every client.', owner: 'security@hexaworks.example', until: '2027-03-01' };
  return {
    fleet: 'hexaworks',
    manifestSha256: 'c0ffee'.repeat(10),
    phase: 'verify',
    startedAt: TAKEN_AT,
    durationMs: 8200,
    facts: fixtureFacts(tenants),
    matrix,
    findings: [
      ...PASSED.map(([id, item]) => fixtureFinding({ id, item })),
      fixtureFinding({
        id: 'host.admins',
        item: 'host-admins',
        severity: 'warn',
        title: 'The same people administer the host of several tenants',
        message: 'acme and globex share the administrators of one host',
        evidence: ['acme: host local: ops (root)'],
        accepted,
      }),
    ],
    probes,
    verdict: 'pass',
    exitCode: 0,
    ...over,
  };
}
