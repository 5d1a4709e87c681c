/** What judging a declaration costs: blueprints, desired facts, all checks and the fold, in memory. Goal: 10,000 tenants in a second, linear. */
import { desiredFacts } from '../src/blueprint/desired-facts.ts';
import { makeBlueprints } from '../src/blueprint/blueprints.ts';
import { allocatePorts } from '../src/blueprint/ports.ts';
import { judge } from '../src/checks/judge.ts';
import type { Layout } from '../src/core/blueprint.ts';
import type { Fleet } from '../src/core/fleet.ts';
import { parseManifest } from '../src/manifest/parse.ts';
import { foldReport } from '../src/verify/fold.ts';

const PER_HOST = 90;
const install = { root: '/opt/oc', node: '/opt/oc/bin/node', openclaw: '/opt/oc/openclaw.mjs', version: '2026.9.6' };
const layout: Layout = {
  instance: 'bh',
  stateDir: '/var/lib/bulkhead',
  runDir: '/run/bulkhead/bh',
  tenantsDir: '/var/lib/bulkhead/tenants',
  install,
};
const MANIFEST = `fleet: bench
trust: clients
hosts: { local: { admins: [{ name: ops, how: root }] } }
tenants:
  sample:
    boundary: { owner: ops@example.com, data: tickets, members: [ops@example.com] }
    policy: support
    channels: { telegram: { bot: "700000001", botToken: { env: TOKEN } } }
    models: { anthropic: { apiKey: { env: KEY } } }
`;

/** A fleet of `size` tenants that share nothing, PER_HOST on a host. */
function fleetOf(size: number): Fleet {
  const parsed = parseManifest(MANIFEST, 'bench.yaml', '0'.repeat(64));
  const sample = parsed.ok ? parsed.fleet.tenants[0] : undefined;
  if (!parsed.ok || sample === undefined) throw new Error('the manifest of this bench is refused');
  const tenants = Array.from({ length: size }, (_, index) => ({
    ...sample,
    id: `tenant-${index}`,
    host: `host-${Math.floor(index / PER_HOST)}`,
    channels: [
      {
        kind: 'telegram',
        settings: { bot: String(700_000_000 + index) },
        secrets: [{ field: 'botToken', source: { kind: 'env' as const, name: `TOKEN_${index}` } }],
        allowFrom: [],
        rooms: [],
      },
    ],
    models: sample.models.map((model) => ({ ...model, apiKey: { kind: 'env' as const, name: `KEY_${index}` } })),
  }));
  const hosts = [...new Set(tenants.map(({ host }) => host))].map((id) => ({ id, admins: [{ name: id, how: 'root' }], proxies: [] }));
  return { ...parsed.fleet, hosts, tenants };
}

/** Milliseconds, without the ports: they are leased once and remembered. */
function measure(size: number): { readonly ms: number; readonly findings: number; readonly verdict: string } {
  const fleet = fleetOf(size);
  const allocated = allocatePorts({ tenants: fleet.tenants, leases: new Map(), ephemeral: { first: 32768, last: 60999 }, busy: new Set() });
  if (!allocated.ok) throw new Error(allocated.problems[0]);
  const startedAt = new Date();
  const started = performance.now();
  const blueprints = makeBlueprints(fleet, () => layout, allocated.leases);
  const facts = desiredFacts({ fleet, blueprints, takenAt: startedAt.toISOString() });
  const report = foldReport({ fleet, facts, findings: judge(facts), probes: [], startedAt, finishedAt: new Date(), phase: 'plan' });
  const bad = report.findings.filter(({ verdict }) => verdict === 'fail');
  return { ms: performance.now() - started, findings: bad.length, verdict: report.verdict };
}

measure(100); // compile
const [thousand, tenThousand, hundredThousand] = [measure(1_000), measure(10_000), measure(100_000)];
const line = `1,000: ${thousand.ms.toFixed(0)} ms, 10,000: ${tenThousand.ms.toFixed(0)} ms (goal 1000), 100,000: ${hundredThousand.ms.toFixed(0)} ms`;
const growth = hundredThousand.ms / tenThousand.ms;
process.stdout.write(
  `plan: ${line}; ten times the tenants take ${growth.toFixed(1)} times as long (exponent ${Math.log10(growth).toFixed(2)}); failures found: ${tenThousand.findings} (${Math.ceil(10_000 / PER_HOST)} expected: administrators shared by a host)\n`,
);
