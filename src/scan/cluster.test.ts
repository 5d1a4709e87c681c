/** The cluster is a stand-in that answers the raw reads of one: no real cluster is at hand. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CommandResult } from '../core/command.ts';
import type { Host } from '../core/host.ts';
import { lookAtCluster } from './cluster.ts';

const never = new AbortController().signal;
const asked: string[] = [];

function clusterOf(answers: Readonly<Record<string, unknown>>): Host {
  const run = async ({ argv }: { readonly argv: readonly string[] }): Promise<CommandResult> => {
    asked.push(argv.join(' '));
    const answer = answers[argv.at(-1) ?? ''];
    const base = { signal: null, timedOut: false, truncated: false, durationMs: 1 };
    if (answer === undefined) return { ...base, exit: 1, stdout: '', stderr: 'Error from server (Forbidden): no' };
    return { ...base, exit: 0, stdout: JSON.stringify(answer), stderr: '' };
  };
  return { id: 'local', run } as unknown as Host;
}

const workload = (name: string, image: string): unknown => ({
  metadata: { name, namespace: 'clients' },
  spec: { template: { spec: { containers: [{ image }] } } },
});
const CLUSTER = {
  '/apis': {
    groups: [
      { name: 'openclaw.ai', preferredVersion: { groupVersion: 'openclaw.ai/v1' } },
      { name: 'apps', preferredVersion: { groupVersion: 'apps/v1' } },
    ],
  },
  '/apis/openclaw.ai/v1': {
    resources: [
      { name: 'gateways', namespaced: true },
      { name: 'gateways/status', namespaced: true },
    ],
  },
  '/apis/openclaw.ai/v1/gateways': { items: [{ metadata: { name: 'acme', namespace: 'clients' } }] },
  '/apis/apps/v1/deployments': { items: [workload('globex', 'ghcr.io/openclaw/openclaw:latest'), workload('web', 'nginx')] },
  '/apis/apps/v1/statefulsets': { items: [] },
};

test('gateways of a cluster are listed, never judged, and only read', async () => {
  const source = await lookAtCluster(clusterOf(CLUSTER), '/k', never);
  assert.equal(source.state, 'partly');
  assert.match(source.detail, /gateways\.openclaw\.ai clients\/acme, deployments clients\/globex/);
  assert.doesNotMatch(source.detail, /web/);
  assert.ok(asked.every((words) => words.startsWith('kubectl --kubeconfig /k get --raw /apis')));
});

test('a cluster without gateways was looked at; one that refuses was not', async () => {
  const none = { ...CLUSTER, '/apis': { groups: [] }, '/apis/apps/v1/deployments': { items: [workload('web', 'nginx')] } };
  assert.equal((await lookAtCluster(clusterOf(none), '/k', never)).state, 'looked');
  const refused = await lookAtCluster(clusterOf({}), '/k', never);
  assert.deepEqual([refused.state, refused.detail], ['partly', 'Error from server (Forbidden): no']);
  assert.equal((await lookAtCluster(clusterOf(CLUSTER), undefined, never)).state, 'not-tried');
});
