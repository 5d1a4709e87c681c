/** What a tenant may ask of an engine of its own, and where that is refused. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Tenant } from '../core/fleet.ts';
import { formatProblem, parseManifest } from './parse.ts';

/** The only tenant has these lines besides; the first is line 7. */
function parse(...lines: readonly string[]): Tenant | readonly string[] {
  const head = `fleet: hexa
trust: clients
hosts: { edge-1: { ssh: ops@edge-1.example.net } }
tenants:
  acme:
    boundary: { owner: a@example.com, data: tickets, members: [] }
`;
  const policy = lines.some((line) => line.startsWith('policy:')) ? [] : ['policy: support'];
  const parsed = parseManifest(`${head}${[...lines, ...policy].map((line) => `    ${line}\n`).join('')}`, 'bulkhead.yaml', 'sha');
  if (!parsed.ok) return parsed.problems.map((problem) => formatProblem(problem).replace('bulkhead.yaml:', ''));
  return parsed.fleet.tenants[0] ?? assert.fail('no tenant');
}

function tenantOf(...lines: readonly string[]): Tenant {
  const parsed = parse(...lines);
  return 'id' in parsed ? parsed : assert.fail(JSON.stringify(parsed));
}

function refuses(lines: readonly string[], problem: string): void {
  const parsed = parse(...lines);
  assert.deepEqual('id' in parsed ? [] : parsed.map((line) => line.split('\n')[0]), [problem]);
}

test('a rootless engine is refused where there is none, at the line that asks for it', () => {
  for (const engine of ['docker', 'podman']) assert.equal(tenantOf('isolation: container', `engine: ${engine}`, 'rootless: true').rootless, true);
  assert.equal(tenantOf('isolation: container', 'rootless: false').rootless, undefined);
  refuses(['isolation: os-user', 'rootless: true'], '8:5: tenants.acme.rootless is for isolation: container, or inside: container');
  refuses(['isolation: container', 'rootless: true'], '8:5: tenants.acme.rootless needs engine: docker or engine: podman beside it');
  assert.equal(tenantOf('isolation: container', 'engine: docker', 'rootless: true', 'host: edge-1').rootless, true);
});

test('a sandbox is refused where the tenant cannot have an engine of its own, or has something past it', () => {
  for (const rung of ['profile', 'container', 'host'])
    refuses(
      [`isolation: ${rung}`, 'sandbox: all'],
      `8:5: tenants.acme.sandbox is for isolation: os-user, not ${rung}: only there a tenant can have an engine of its own`,
    );
  refuses(
    ['browser: on', 'sandbox: all', 'policy: operator'],
    '8:5: tenants.acme.sandbox is not for a tenant with browser: on: its browser would run outside of the sandbox',
  );
  assert.equal(tenantOf('isolation: os-user', 'sandbox: all').sandbox, 'all');
  assert.equal(tenantOf('isolation: profile', 'sandbox: off').sandbox, undefined);
});

test('a runtime is Docker’s, and is refused where it was not seen to work', () => {
  const { engine, runtime } = tenantOf('isolation: container', 'runtime: runsc');
  assert.deepEqual([engine, runtime], ['docker', 'runsc']);
  const at = '8:5: tenants.acme.runtime';
  refuses(['isolation: os-user', 'runtime: runsc'], `${at} is for isolation: container`);
  refuses(['isolation: container', 'runtime: runsc', 'engine: podman'], `${at} is for engine: docker; Podman was not tried with it`);
  refuses(
    ['isolation: container', 'runtime: runsc', 'limits: { disk: 5GiB }'],
    `${at} is not for a tenant with limits.disk: the two were not tried together`,
  );
});
