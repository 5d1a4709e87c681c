import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as v from 'valibot';
import type { CommandResult } from '../../core/command.ts';
import type { Host } from '../../core/host.ts';
import { clusterAt, type Cluster } from './ask.ts';

const FINE: CommandResult = { exit: 0, signal: null, stdout: 'prod', stderr: '', timedOut: false, truncated: false, durationMs: 1 };

/** Answers about its kubeconfig, then ends as it is told to. */
function clusterEnding(end: Partial<CommandResult>): Promise<Cluster> {
  const run = async ({ argv }: { readonly argv: readonly string[] }): Promise<CommandResult> => (argv.includes('view') ? FINE : { ...FINE, ...end });
  return clusterAt({ host: { id: 'local', run } as unknown as Host, kubeconfig: '/k', signal: new AbortController().signal });
}

test('each way in which an answer fails is told', async () => {
  const ends: readonly (readonly [Partial<CommandResult>, RegExp])[] = [
    [{ exit: 1, stderr: 'a warning\nUnable to connect to the server: no such host\n' }, /^Unable to connect to the server: no such host$/],
    [{ exit: 1 }, /gave no reason/],
    [{ exit: 127 }, /kubectl is not there/],
    [{ exit: null, timedOut: true }, /no answer within/],
    [{ truncated: true }, /too long/],
    [{ stdout: '<html>' }, /something else than JSON/],
    [{ stdout: '{"data": 4}' }, /unexpected shape/],
  ];
  for (const [end, said] of ends) {
    const cluster = await clusterEnding(end);
    await assert.rejects(cluster.get('/x', v.object({ data: v.string() })), ({ message }: Error) => said.test(message));
  }
});

test('a list that never ends is cut, and said to be', async () => {
  const cluster = await clusterEnding({ stdout: JSON.stringify({ items: [1], metadata: { continue: 'more+/=' } }) });
  const { items, unseen } = await cluster.list('/api/v1', 'pods');
  assert.equal(items.length, 200);
  assert.match(unseen ?? '', /more than 20000 of \/api\/v1\/pods/);
});
