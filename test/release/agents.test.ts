/** Attacks through real agents and gateways that nothing but policy and paths keeps apart. */
import assert from 'node:assert/strict';
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { demoManifest } from '../../src/demo/fleet.ts';
import { startModels } from '../../src/demo/models.ts';
import type { ReportDocument } from '../../src/report/json.ts';
import { ourJobs } from '../../src/probes/attempts/jobs.ts';
import { ourDevices } from '../../src/probes/attempts/pairing.ts';
import { keepReport, trial, type Trial } from '../support/bulkhead.ts';
import { pairDevice } from '../support/pair-device.ts';
import { requires } from '../support/requires.ts';

const skip = requires({ linux: true, openclaw: true });
const MODEL_PORT = 8178;
const THROUGH_GATEWAY = [
  'agent.automations',
  'agent.environment',
  'agent.exec-network',
  'agent.gateway-admin',
  'agent.memory',
  'agent.patch',
  'agent.read-link',
  'agent.sessions',
  'agent.spawn',
  'agent.web-fetch',
  'agent.write',
  'gateway.agent-name',
  'gateway.pairing',
  'gateway.session-key',
];

describe('two agents of one OS user', { skip, timeout: 1_200_000 }, () => {
  let here: Trial;
  let models: { close(): Promise<void> } | undefined;
  let report: ReportDocument;

  const verify = async (...flags: readonly string[]): Promise<ReportDocument> => {
    const { stdout, stderr } = await here.run('verify', '--json', '--no-audit', ...flags);
    assert.ok(stdout.startsWith('{'), stderr);
    return JSON.parse(stdout) as ReportDocument;
  };
  const treeOf = (tenant: string): string => join(here.stateDir, 'tenants', tenant);
  const gatewayOf = (tenant: string): { port: number; token: string } => {
    const { gateway } = JSON.parse(readFileSync(join(treeOf(tenant), 'config/openclaw.json'), 'utf8')) as { gateway: { port: number } };
    return { port: gateway.port, token: readFileSync(join(here.stateDir, 'secrets', tenant, 'gateway-token'), 'utf8').trim() };
  };
  /** What acme's attacks on globex gave. */
  const told = ({ probes }: ReportDocument): Record<string, string> => {
    const seen = probes.filter(({ id, attacker }) => attacker === 'acme' && THROUGH_GATEWAY.includes(id));
    return Object.fromEntries(seen.map(({ id, verdict, detail }) => [id, verdict === 'contained' || verdict === 'breached' ? verdict : detail]));
  };
  /** Names of ours that a run left, in trees and in the gateways' archives of sessions. */
  const leftBehind = (): string[] =>
    ['acme', 'globex'].flatMap((tenant) =>
      (readdirSync(treeOf(tenant), { recursive: true }) as string[]).filter((name) => /\.bulkhead-|\.jsonl\.deleted/.test(name)),
    );

  before(async () => {
    here = trial();
    for (const tenant of ['acme', 'globex']) here.write(`keys/${tenant}.key`, `planted-model-key-of-${tenant}`);
    const manifest = demoManifest({ rung: 'profile', modelPort: MODEL_PORT, keys: join(here.folder, 'keys'), until: '2099-01-01' });
    // Two agents of globex: each must be told by its name.
    here.write(
      'bulkhead.yaml',
      manifest.replace('  globex:\n', '  globex:\n    config: { agents: { ownership: explicit, entries: { sales: {}, orders: {} } } }\n'),
    );
    models = await startModels(['127.0.0.1'], MODEL_PORT);
    const built = await here.run('apply', '--json');
    assert.equal(built.exit, 0, built.stderr + built.stdout);
    // As a run leaves it that was killed before its gateway had answered it.
    const { port, token } = gatewayOf('acme');
    await pairDevice(port, token, 'bulkhead probe 0123abcd');
    assert.deepEqual(await ourDevices(port, token), ['bulkhead probe 0123abcd']);
    report = await verify();
    keepReport('profile', report);
  });
  after(async () => {
    await models?.close();
    await here.end(['acme', 'globex']);
  });

  test('policy keeps them where nothing else does, and is called policy only; a command is kept by nothing', () => {
    assert.deepEqual(told(report), {
      ...Object.fromEntries(THROUGH_GATEWAY.map((id) => [id, 'contained'])),
      'agent.exec-network': 'breached',
    });
    const messages = new Map(report.findings.map(({ id, message }) => [id, message]));
    assert.match(messages.get('agent.write') ?? '', /policy only on 2, where files\.write got through/);
    assert.match(messages.get('agent.read-link') ?? '', /policy only on 2, where files\.read-state got through/);
    assert.match(messages.get('agent.web-fetch') ?? '', /policy only on 2, where gateway\.reach got through/);
    assert.doesNotMatch(messages.get('agent.sessions') ?? '', /policy only/);
    assert.deepEqual(leftBehind(), []);
  });

  test('no device of an attack stays in a gateway and nothing that it scheduled, and one of an earlier run is no attacker’s', async () => {
    assert.deepEqual(
      report.probes.filter(({ id }) => id === 'victim.affected').map(({ verdict }) => verdict),
      ['contained', 'contained'],
    );
    for (const tenant of ['acme', 'globex']) {
      const { port, token } = gatewayOf(tenant);
      assert.deepEqual(await ourDevices(port, token), [], tenant);
      assert.deepEqual(await ourJobs(port, token), [], tenant);
    }
  });

  test('where a tenant has several agents each of them attacks, and the report names them', () => {
    const attacks = report.probes.filter(({ attacker, id }) => attacker === 'globex' && THROUGH_GATEWAY.includes(id));
    assert.deepEqual(
      attacks.filter(({ verdict }) => verdict === 'unknown').map(({ id, detail }) => `${id}: ${detail}`),
      [],
    );
    assert.match(attacks.find(({ id }) => id === 'agent.write')?.detail ?? '', /\(as sales, orders\): by policy/);
  });

  test('with its policy lifted an agent gets through where policy alone held it, and what a tool refuses to everybody it still refuses', async () => {
    const lifted = await verify('--lift-policy');
    const held = lifted.probes.flatMap(({ id, attacker, lifted: without }) =>
      attacker === 'acme' && without !== undefined ? [[id, without.heldBy ?? without.detail]] : [],
    );
    assert.deepEqual(Object.fromEntries(held), {
      'agent.exec': 'policy',
      'agent.exec-network': 'policy',
      'agent.patch': 'policy',
      'agent.read': 'policy',
      'agent.read-link': 'policy',
      'agent.web-fetch': 'tool',
      'agent.write': 'policy',
    });
    const messages = new Map(lifted.findings.map(({ id, message }) => [id, message]));
    assert.match(messages.get('agent.write') ?? '', /; with policy lifted: held by policy only on 2/);
    assert.match(messages.get('agent.web-fetch') ?? '', /; with policy lifted: held by a rule of the tool on 2/);
    assert.deepEqual(leftBehind(), []);
  });

  test('one user in one process namespace may trace the other’s processes, unless the kernel forbids it', () => {
    const scope = '/proc/sys/kernel/yama/ptrace_scope';
    const isOpen = !existsSync(scope) || readFileSync(scope, 'utf8').trim() === '0';
    const { probes, findings } = report;
    assert.deepEqual(
      [...new Set(probes.filter(({ id }) => id === 'process.trace').map(({ verdict }) => verdict))],
      [isOpen ? 'breached' : 'contained'],
    );
    assert.equal(findings.find(({ id }) => id === 'os.ptrace')?.verdict, isOpen ? 'fail' : 'pass');
  });

  test('policy diff finds nothing in what was built, tells a key that was changed in the tree, and says when it cannot look', async () => {
    const path = join(treeOf('globex'), 'config/openclaw.json');
    const { mode } = statSync(path);
    const rendered = readFileSync(path, 'utf8');
    const diff = async (): Promise<{ exit: number | null; tenants: readonly { tenant: string; differences?: unknown; why?: string }[] }> => {
      const { exit, stdout } = await here.run('policy diff', '--json');
      return { exit, tenants: (JSON.parse(stdout) as { tenants: [] }).tenants };
    };
    const put = (text: string): void => {
      chmodSync(path, 0o600);
      writeFileSync(path, text);
      chmodSync(path, mode & 0o777);
    };
    const same = await diff();
    assert.deepEqual([same.exit, same.tenants.map(({ differences }) => differences)], [0, [[], []]]);
    try {
      put(
        JSON.stringify({ ...(JSON.parse(rendered) as object), update: { checkOnStart: true }, env: { vars: { A_TOKEN: 'planted-by-the-tenant' } } }),
      );
      const changed = await diff();
      assert.deepEqual(
        [changed.exit, changed.tenants.map(({ differences }) => differences)],
        [
          1,
          [
            [],
            [
              { key: 'env.vars.A_TOKEN', live: '(secret)' },
              { key: 'update.checkOnStart', declared: false, live: true },
            ],
          ],
        ],
      );
      assert.match((await here.run('policy diff', 'globex')).stdout, /update\.checkOnStart\n +- +declared +false\n +\+ +live +true/);
    } finally {
      put(rendered);
    }
    const manifest = readFileSync(join(here.folder, 'bulkhead.yaml'), 'utf8');
    const zed = '  zed:\n    boundary: { owner: z, data: d, members: [z] }\n    isolation: profile\n    policy: support\n';
    here.write('bulkhead.yaml', manifest.replace('namedRisks:', `${zed}namedRisks:`));
    const unbuilt = await diff();
    here.write('bulkhead.yaml', manifest);
    assert.equal(unbuilt.exit, 3);
    assert.match(unbuilt.tenants[2]?.why ?? '', /tenants.zed.*No such file/);
  });
});
