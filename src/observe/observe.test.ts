import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleBlueprint, SAMPLE_LAYOUT } from '../../test/support/sample.ts';
import type { Blueprint } from '../core/blueprint.ts';
import type { Command, CommandResult } from '../core/command.ts';
import { known, type ListenerFact, type TenantFacts } from '../core/facts.ts';
import type { Fleet } from '../core/fleet.ts';
import type { BoundaryDetails, Host, Isolation } from '../core/host.ts';
import { tenantFacts } from '../checks/testing/clean-facts.ts';
import { auditFleet } from './audits.ts';
import { mayHoldToken } from './live.ts';
import { observeFleet, type ObserveInput } from './observe.ts';

const FLEET: Fleet = {
  name: 'f',
  trust: 'team',
  relations: [],
  tenants: [],
  namedRisks: [],
  source: { path: 'bulkhead.yaml', sha256: '' },
  hosts: [{ id: 'local', admins: [], proxies: [] }],
};

/** A rung whose tenants run as uid 1; every program goes straight to the host. */
const rung: Isolation = {
  rung: 'profile',
  separates: { files: false, processes: false, loopback: false, tmp: false, limits: false, egress: false },
  fingerprint: async () => ({ state: 'usable', detail: '' }),
  observe: async () => ({}),
  converge: () => [],
  foresee: (_blueprint, _layout, observed) => observed,
  hasTree: () => true,
  remove: () => [],
  service: () => {
    throw new Error('not asked for');
  },
  enter: (_blueprint, _layout, _observed, program) => program,
  asTenant: (_blueprint, _layout, _observed, program) => program,
  details: (): BoundaryDetails => ({ uid: 1, gid: 1 }),
};

function answering(answer: (command: Command) => Partial<CommandResult>): Host {
  const run = async (command: Command): Promise<CommandResult> => ({
    exit: 0,
    signal: null,
    stdout: '',
    stderr: '',
    timedOut: false,
    truncated: false,
    durationMs: 1,
    ...answer(command),
  });
  return { id: 'local', run, stream: run };
}

function inputOf(host: Host): ObserveInput {
  return {
    fleet: FLEET,
    // The collectors' own source travels, so the sample needs no OpenClaw.
    blueprints: [sampleBlueprint('acme'), sampleBlueprint('globex', 20_120)],
    layoutOf: () => SAMPLE_LAYOUT,
    hostOf: () => host,
    isolationOf: () => rung,
    takenAt: '2026-11-24T00:00:00Z',
    signal: new AbortController().signal,
  };
}

async function observe(host: Host, change: Partial<ObserveInput> = {}): Promise<readonly TenantFacts[]> {
  return (await observeFleet({ ...inputOf(host), ...change })).tenants;
}

const LIVE = [
  'paths',
  'hardLinks',
  'secrets',
  'identities',
  'environment',
  'references',
  'logins',
  'places',
  'exposed',
  'policy',
  'process',
  'listener',
  'claim',
  'configSha256',
  'statusDigest',
  'effective',
] as const;

for (const [title, result] of [
  ['fail', { exit: 1, stderr: 'Error: no' }],
  ['print nothing', {}],
  ['print something else than JSON', { stdout: 'hello' }],
  ['print JSON of another shape', { stdout: '{"paths":{"ok":true,"value":[{"role":"state"}]}}' }],
  ['are cut short', { stdout: '{}', truncated: true }],
  ['take too long', { exit: null, signal: 'SIGKILL', timedOut: true }],
] as const) {
  test(`collectors that ${title} leave every fact unknown, none empty`, async () => {
    const host = answering(() => result);
    const audits = await auditFleet(inputOf(host));
    for (const tenant of await observe(host)) {
      for (const [fact, seen] of [...LIVE.map((name) => [name, tenant[name]] as const), ['audits', audits.get(tenant.tenant)?.audit] as const]) {
        assert.equal(seen?.known, false, fact);
        assert.ok(seen?.known === false && seen.why.length > 5, fact);
      }
    }
  });
}

test('a rung that cannot look makes its tenant unknown with the reason, and nothing is run as it', async () => {
  const blind: Isolation = { ...rung, observe: () => Promise.reject(new Error('nsenter is missing')) };
  const commands: string[] = [];
  const host = answering(({ title }) => {
    commands.push(title);
    return { exit: 1 };
  });
  for (const tenant of await observe(host, { isolationOf: () => blind })) assert.deepEqual(tenant.paths, { known: false, why: 'nsenter is missing' });
  assert.deepEqual(commands.toSorted(), [
    'look at accounts of local',
    'look at mounts, control groups and units of local',
    'look at processes and listeners of local',
    'look at sockets, proxies and API clients of local',
    'look at the install, logs and backups of local',
    'look for tokens in command lines of local',
  ]);
});

test('an abort is an abort, not a fleet of unknowns', async () => {
  const control = new AbortController();
  const host = answering(() => {
    control.abort(new Error('enough'));
    return { exit: 1 };
  });
  await assert.rejects(observe(host, { signal: control.signal }), /enough/);
});

test('the key of the comparison is on standard input and differs from run to run', async () => {
  const seen: Command[] = [];
  const host = answering((command) => {
    seen.push(command);
    return { exit: 1 };
  });
  await observe(host);
  await observe(host);
  const keys = seen.filter(({ redact }) => redact === true).map(({ stdin }) => /"key":"([0-9a-f]{64})"/.exec(stdin ?? '')?.[1]);
  assert.ok(keys.length >= 4);
  assert.ok(keys.every((key) => key !== undefined));
  assert.equal(new Set(keys).size, 2);
  for (const { argv } of seen) assert.doesNotMatch(argv.join(' '), /[0-9a-f]{64}/);
});

test('the token goes only to a listener held from inside the boundary', () => {
  const { process, listener } = tenantFacts('acme', 1);
  assert.ok(listener.known && listener.value !== null && process.known && process.value !== null);
  const { namespaces, uid, pid } = process.value;
  const may = (holders: ListenerFact['holders'], change: Partial<Blueprint> = {}): boolean =>
    mayHoldToken(
      { blueprint: { ...sampleBlueprint('acme'), rung: 'os-user', ...change }, details: { uid } },
      process,
      known({ address: '127.0.0.1', port: 1, holders }, 'test'),
    ).known;
  const root = { pid: 1, uid: 0, namespaces: {} };
  assert.equal(may([root, { pid: 9, uid, namespaces }]), true);
  assert.equal(may([root]), false, 'root alone');
  assert.equal(
    may([
      { pid: 9, uid, namespaces },
      { pid: 8, uid: 4242, namespaces: {} },
    ]),
    false,
    'somebody else too',
  );
  assert.equal(may([{ pid: 9, uid, namespaces: { net: '2', pid: '3' } }]), false, 'outside its namespaces');
  assert.equal(may([{ pid: 9, uid, namespaces }], { rung: 'profile' }), false, 'a neighbour of the same uid');
  assert.equal(may([{ pid, uid, namespaces }], { rung: 'profile' }), true, 'the gateway itself');
  const blueprint = sampleBlueprint('acme');
  assert.equal(mayHoldToken({ blueprint, details: { uid } }, known(null, 'test'), listener).known, false);
  assert.equal(mayHoldToken({ blueprint, details: { uid } }, process, known(null, 'test')).known, false);
});
