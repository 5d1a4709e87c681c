import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SAMPLE_LAYOUT, sampleBlueprint } from '../../test/support/sample.ts';
import type { Command, Program } from '../core/command.ts';
import type { Isolation, Service, Supervisor } from '../core/host.ts';
import { planFleet } from './plan-fleet.ts';
import { planTenant, type Programs, type TenantSituation, type WantedFile } from './plan-tenant.ts';

const blueprint = sampleBlueprint('acme');
const asCommand = (program: Program): Command => ({ title: program.title, argv: ['as-tenant', ...program.argv] });

function isolation(commands: readonly Command[]): Isolation {
  return {
    rung: 'profile',
    separates: { files: false, processes: false, loopback: false, tmp: false, limits: false, egress: false },
    fingerprint: async () => ({ state: 'usable', detail: '' }),
    observe: async () => ({}),
    converge: () => commands,
    foresee: (_b, _l, observed) => observed,
    hasTree: () => true,
    remove: () => [],
    service: (): Service => {
      throw new Error('not asked for here');
    },
    enter: (_b, _l, _o, program) => asCommand(program),
    asTenant: (_b, _l, _o, program) => asCommand(program),
    details: () => ({ uid: 700, gid: 700 }),
  };
}

const verb = (name: string) => (): readonly Command[] => [{ title: name, argv: [name] }];
const supervisor: Supervisor = {
  kind: 'embedded',
  definitionOf: () => '',
  fingerprint: async () => ({ state: 'usable', detail: '' }),
  observe: async () => ({ alive: true, services: new Map() }),
  converge: () => [],
  start: verb('start'),
  stop: verb('stop'),
  restart: verb('restart'),
  remove: () => [],
};

const programs: Programs = {
  putFiles: (title, files, redact) => ({
    title,
    argv: ['put', ...files.map((file) => `${file.path}:${file.mode.toString(8)}:${file.uid ?? ''}`)],
    redact,
  }),
  validateConfig: (_blueprint, path) => ({ title: 'validate', argv: ['validate', path] }),
  waitHealthy: () => ({ title: 'wait', argv: ['wait'] }),
};

const secret = (seen: WantedFile['seen']): WantedFile => ({ path: '/s/gateway-token', content: 'x', mode: 0o400, seen });
const config = (seen: WantedFile['seen']): WantedFile => ({ path: '/c/openclaw.json', content: '{}', mode: 0o600, seen });
const running = { name: 'bh-acme', state: 'running', restarts: 0 } as const;

function plan(situation: Partial<TenantSituation>, boundary: readonly Command[] = []) {
  return planTenant(
    {
      blueprint,
      layout: SAMPLE_LAYOUT,
      isolation: isolation(boundary),
      observed: {},
      foreseen: {},
      supervisor,
      registered: true,
      healthy: true,
      ...situation,
    },
    programs,
  );
}

const argvOf = (made: ReturnType<typeof plan>): string[] => made.steps.map(({ command }) => command.argv.join(' '));

test('a tenant that is as declared and healthy needs no step', () => {
  assert.deepEqual(plan({ status: running, files: { secrets: [secret('same')], config: config('same') } }), { steps: [], later: [] });
});

test('while its files cannot be looked at, only the boundary can be spelled out', () => {
  const made = plan({}, [{ title: 'make', argv: ['make'] }]);
  assert.deepEqual(argvOf(made), ['make']);
  assert.deepEqual(made.later, ['files', 'service', 'health']);
});

test('a first build puts secrets before the config that refers to them, validates it, starts and waits', () => {
  assert.deepEqual(argvOf(plan({ registered: false, healthy: false, files: { secrets: [secret('missing')], config: config('missing') } })), [
    'put /s/gateway-token:400:700',
    'as-tenant put /c/openclaw.json.next:600:',
    'as-tenant validate /c/openclaw.json.next',
    'as-tenant mv -T -- /c/openclaw.json.next /c/openclaw.json',
    'start',
    'wait',
  ]);
});

test('a changed config is validated while the old gateway runs and put in place while it is stopped', () => {
  assert.deepEqual(argvOf(plan({ status: running, files: { secrets: [secret('same')], config: config('different') } })), [
    'as-tenant put /c/openclaw.json.next:600:',
    'as-tenant validate /c/openclaw.json.next',
    'stop',
    'as-tenant mv -T -- /c/openclaw.json.next /c/openclaw.json',
    'start',
    'wait',
  ]);
});

test('a changed service definition stops and starts the gateway', () => {
  assert.deepEqual(argvOf(plan({ status: running, registered: false, files: { secrets: [], config: config('same') } })), ['stop', 'start', 'wait']);
});

test('a gateway that runs but does not answer is waited for, not restarted', () => {
  assert.deepEqual(argvOf(plan({ status: running, healthy: false, files: { secrets: [], config: config('same') } })), ['wait']);
});

test('something odd in the place of a file is refused, naming tenant, host and file', () => {
  const odd = { ...config('odd'), why: 'it is a symbolic link' };
  assert.throws(() => plan({ files: { secrets: [], config: odd } }), /acme on local: \/c\/openclaw\.json is in the way: it is a symbolic link/);
});

test('in a fleet all files come before the supervisor, all starts after it, and the waits last', () => {
  const one = plan({ registered: false, healthy: false, files: { secrets: [], config: config('missing') } });
  const fleet = planFleet({
    install: [],
    supervisor: verb('register')(),
    tenants: [
      { tenant: 'acme', plan: one },
      { tenant: 'globex', plan: one },
    ],
  });
  const order = fleet.steps.map(({ id, stage }) => `${id.split('/')[0]}:${stage}`);
  assert.deepEqual(order.slice(-5), ['host:service', 'acme:service', 'globex:service', 'acme:health', 'globex:health']);
  assert.equal(new Set(fleet.steps.map(({ id }) => id)).size, fleet.steps.length);
});
