import assert from 'node:assert/strict';
import { test } from 'node:test';
import { manifestSchema } from './schema.ts';

type Node = { readonly [key: string]: unknown };

function child(node: Node, ...keys: readonly string[]): Node {
  let current: unknown = node;
  for (const key of keys) current = typeof current === 'object' && current !== null ? Reflect.get(current, key) : undefined;
  assert.ok(typeof current === 'object' && current !== null, keys.join('.'));
  return current as Node; // just checked
}

test('the JSON Schema asks for fleet, trust and tenants, and for the boundary of each', () => {
  const schema = manifestSchema();
  assert.match(String(schema['$schema']), /2020-12/);
  assert.deepEqual(schema['required'], ['fleet', 'trust', 'tenants']);
  const tenant = child(schema, 'properties', 'tenants', 'additionalProperties');
  assert.deepEqual(tenant['required'], ['boundary', 'policy']);
  assert.deepEqual(child(tenant, 'properties', 'boundary')['required'], ['owner', 'data', 'members']);
});

test('the JSON Schema refuses unknown keys and offers the words and defaults', () => {
  const schema = manifestSchema();
  assert.equal(schema['additionalProperties'], false);
  assert.deepEqual(child(schema, 'properties', 'trust')['enum'], ['team', 'clients', 'adversarial']);
  const fields = child(schema, 'properties', 'tenants', 'additionalProperties', 'properties');
  assert.deepEqual(child(fields, 'isolation')['enum'], ['profile', 'os-user', 'container', 'host']);
  assert.equal(child(fields, 'limits', 'properties', 'memory')['default'], '2GiB');
  assert.equal(child(fields, 'egress')['default'], 'open');
});

test('every key of a boundary, a tenant and the top has words for the editor', () => {
  const schema = manifestSchema();
  const tenant = child(schema, 'properties', 'tenants', 'additionalProperties', 'properties');
  for (const properties of [child(schema, 'properties'), tenant, child(tenant, 'boundary', 'properties')]) {
    for (const [key, node] of Object.entries(properties)) assert.equal(typeof child({ node }, 'node')['description'], 'string', key);
  }
});

test('the JSON Schema is plain JSON', () => {
  assert.deepEqual(JSON.parse(JSON.stringify(manifestSchema())), manifestSchema());
});
