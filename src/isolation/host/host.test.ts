import assert from 'node:assert/strict';
import { test } from 'node:test';
import { composeParts } from '../../composition.ts';
import { makeBlueprints } from '../../blueprint/blueprints.ts';
import { parseManifest } from '../../manifest/parse.ts';
import { SAMPLE_LAYOUT } from '../../../test/support/sample.ts';
import type { Blueprint } from '../../core/blueprint.ts';

function blueprintOf(trust: string, lines: string): Blueprint {
  const text = `fleet: f\ntrust: ${trust}\ntenants:\n  acme: { boundary: { owner: o@x.test, data: d, members: [m] }, policy: support${lines} }\n`;
  const parsed = parseManifest(text, 'bulkhead.yaml', '0'.repeat(64));
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join('; '));
  const [blueprint] = makeBlueprints(parsed.fleet, () => SAMPLE_LAYOUT, new Map([['acme', { first: 20_000, last: 20_119 }]]));
  return blueprint ?? assert.fail('no blueprint');
}

test('adversarial trust is built as an OS user on a machine of its own', () => {
  const blueprint = blueprintOf('adversarial', '');
  assert.deepEqual([blueprint.rung, blueprint.rungDeclared, blueprint.inside, blueprint.user?.name], ['host', false, 'os-user', 'bh-acme']);
  const isolation = composeParts().isolationOf(blueprint);
  const { rung: _rung, ...whole } = composeParts().isolationOf({ ...blueprint, rung: 'os-user' });
  assert.deepEqual({ ...isolation }, { ...whole, rung: 'host' });
});

test('what is built inside is told only where the rung is host', () => {
  assert.equal(blueprintOf('clients', '').inside, undefined);
  assert.equal(blueprintOf('clients', ', isolation: host, inside: container').inside, 'container');
  assert.throws(() => blueprintOf('clients', ', isolation: os-user, inside: container'), /tenants\.acme takes "inside" only with isolation: host/);
  assert.throws(() => blueprintOf('adversarial', ', inside: profile'), /inside/);
});
