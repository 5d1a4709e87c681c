import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as v from 'valibot';
import { Policy } from './objects.ts';
import { networksOf, type Endpoint } from './policies.ts';

const at = (namespace: string, over: Partial<Endpoint> = {}): Endpoint => ({
  id: namespace,
  namespace,
  labels: { app: 'openclaw' },
  addresses: [],
  ports: [
    { first: 18_789, last: 18_908 },
    { first: 18_789, last: 18_789, name: 'gateway' },
  ],
  onNode: false,
  ...over,
});
const policy = (namespace: string, spec: object): Policy =>
  v.parse(Policy, { metadata: { name: 'p', namespace }, spec: { podSelector: {}, ...spec } });
const closed = (namespace: string, more: object = {}): Policy => policy(namespace, { policyTypes: ['Ingress', 'Egress'], ...more });

/** Whether a and b have a network in common. */
function meet(policies: readonly Policy[], a: Endpoint = at('a'), b: Endpoint = at('b')): boolean {
  const labels = new Map([
    ['a', { team: 'one' }],
    ['b', { team: 'two' }],
  ]);
  const found = networksOf([a, b, at('c')], policies, labels);
  const [one, other] = [found.get(a.id)?.networks ?? [], found.get(b.id)?.networks ?? []];
  return one.some((name) => other.includes(name));
}

test('pods meet until a policy selects one of them', () => {
  assert.ok(meet([]));
  assert.ok(meet([closed('elsewhere'), policy('a', { podSelector: { matchLabels: { app: 'other' } } })]), 'neither selects it');
  assert.ok(!meet([closed('a')]), 'one that lets nothing in or out is enough');
  assert.ok(meet([policy('a', {})]), 'held off by ingress alone, it still reaches the other');
  assert.ok(!meet([policy('a', {}), policy('b', {})]), 'unless that lets nothing in either');
  assert.ok(meet([policy('a', { policyTypes: ['Egress'], egress: [] })]), 'what lets nothing out may still be reached');
});

test('both ends must let it pass, by peer and port', () => {
  const into = (from: object[], ports?: object[]): Policy => closed('b', { ingress: [{ from, ...(ports === undefined ? {} : { ports }) }] });
  assert.ok(meet([into([{ namespaceSelector: {} }])]));
  assert.ok(meet([into([])]), 'no peer is every peer');
  assert.ok(meet([into([{ namespaceSelector: { matchLabels: { team: 'one' } } }])]));
  assert.ok(!meet([into([{ namespaceSelector: { matchLabels: { team: 'three' } } }])]));
  assert.ok(!meet([into([{ podSelector: {} }])]), 'without a namespace a peer is in the policy’s own');
  assert.ok(meet([policy('b', { ingress: [{ from: [{ podSelector: {} }] }] })], at('b', { id: 'a' })));
  assert.ok(!meet([into([{ namespaceSelector: {} }]), closed('a')]), 'the other lets nothing out');
  assert.ok(meet([into([{ namespaceSelector: {} }], [{ port: 'gateway' }])]));
  assert.ok(meet([into([{ namespaceSelector: {} }], [{ port: 18_800, endPort: 18_801 }])]), 'debugging ports of its browser');
  for (const port of [{ port: 53 }, { port: 18_789, protocol: 'UDP' }, { port: 'metrics' }, { port: 1, endPort: 18_788 }])
    assert.ok(!meet([into([{ namespaceSelector: {} }], [port])]), JSON.stringify(port));
});

test('expressions select as the API says', () => {
  const by = (operator: string, values?: string[]): boolean =>
    meet([
      closed('b', { ingress: [{ from: [{ namespaceSelector: { matchExpressions: [{ key: 'team', operator, ...(values ? { values } : {}) }] } }] }] }),
    ]);
  assert.deepEqual([by('In', ['one']), by('In', ['two']), by('NotIn', ['one']), by('Exists'), by('DoesNotExist')], [true, false, false, true, false]);
});

test('addresses of running pods are compared with blocks; one that does not run may get any', () => {
  const block = (cidr: string, except: string[] = []): Policy => closed('b', { ingress: [{ from: [{ ipBlock: { cidr, except } }] }] });
  const running = at('a', { addresses: ['10.1.2.3', 'fd00::3'] });
  assert.ok(meet([block('10.0.0.0/8')], running));
  assert.ok(meet([block('fd00::/8')], running));
  assert.ok(!meet([block('192.168.0.0/16')], running));
  assert.ok(!meet([block('10.0.0.0/8', ['10.1.0.0/16'])], running));
  assert.ok(meet([block('192.168.0.0/16')]));
});

test('no policy holds on the network of a node', () => {
  const found = networksOf([at('a', { onNode: true }), at('b')], [closed('a')], new Map());
  assert.deepEqual(found.get('a'), { networks: ['host'], isHeldBack: false });
});
