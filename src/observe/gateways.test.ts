import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleBlueprint, sampleLayout } from '../isolation/os-user/sample.ts';
import type { Blueprint } from '../core/blueprint.ts';
import type { Command } from '../core/command.ts';
import { recordingHost, type RecordingHost } from '../hosts/recording.ts';
import { osUser } from '../isolation/os-user/os-user.ts';
import { systemdSupervisor } from '../supervise/systemd/supervisor.ts';
import { observeGateways } from './gateways.ts';

const signal = new AbortController().signal;
const titled = (title: RegExp) => (command: Command) => title.test(command.title);
const json = (value: unknown) => ({ stdout: JSON.stringify(value) });
const LAYOUT = sampleLayout('bh', '/var/lib/bulkhead', { root: '/opt/oc', node: '/opt/oc/bin/node', openclaw: '/opt/oc/openclaw.mjs', version: '1' });
const NAMESPACES = { net: 'net:[1]', pid: 'pid:[2]' };

function machine(blueprints: readonly Blueprint[]): RecordingHost {
  const each = <T>(of: (blueprint: Blueprint, at: number) => T): Record<string, T> =>
    Object.fromEntries(blueprints.map((blueprint, at) => [blueprint.tenant, of(blueprint, at)]));
  const process = (uid: number) => ({
    pid: uid,
    startTicks: '1',
    uid,
    gid: uid,
    groups: [],
    noNewPrivs: true,
    capabilities: '0',
    seccomp: 2,
    namespaces: NAMESPACES,
    environment: {},
    variables: {},
  });
  const collected = {
    bootId: '00000000-0000-0000-0000-000000000000',
    addresses: ['192.0.2.7'],
    namespaces: {},
    tenants: each(({ publishedPort }, at) => ({
      process: { ok: true, value: process(9000 + at) },
      listener: { ok: true, value: { address: '127.0.0.1', port: publishedPort, holders: [{ pid: 7, uid: 9000 + at, namespaces: NAMESPACES }] } },
      backings: { ok: true, value: {} },
    })),
  };
  return recordingHost(
    [
      { when: titled(/^read our units$/), give: json({}) },
      {
        when: titled(/^look where boundaries run$/),
        give: json(each((_, at) => ({ user: { uid: 9000 + at, gid: 9000 + at }, boundary: { pid: 40 + at, joins: [] } }))),
      },
      { when: titled(/^look at the gateways of edge-1$/), give: json({ host: collected, hellos: each(() => ({ ok: false, why: 'it is busy' })) }) },
    ],
    { id: 'edge-1' },
  );
}

async function look(tenants: number) {
  const blueprints = Array.from({ length: tenants }, (_, at): Blueprint => ({
    ...sampleBlueprint(`t${at}`, 20_000 + at * 120, LAYOUT),
    host: 'edge-1',
  }));
  const host = machine(blueprints);
  await systemdSupervisor.observe(host, LAYOUT, signal);
  const seen = await observeGateways({ blueprints, layout: LAYOUT, host, isolationOf: () => osUser, signal });
  return { titles: host.commands.map(({ title }) => title), seen };
}

test('another machine is asked with as many commands for thirty tenants as for one', async () => {
  const [one, thirty] = [await look(1), await look(30)];
  assert.deepEqual(one.titles, ['read our units', 'look where boundaries run', 'look at the gateways of edge-1']);
  assert.deepEqual(thirty.titles, one.titles);
  assert.equal(thirty.seen.size, 30);
  for (const view of thirty.seen.values()) assert.deepEqual(view, { ok: false, why: 'the gateway gave no hello: it is busy' });
});
