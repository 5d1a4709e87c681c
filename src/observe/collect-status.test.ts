import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Blueprint } from '../core/blueprint.ts';
import type { Command } from '../core/command.ts';
import { known } from '../core/facts.ts';
import type { Isolation } from '../core/host.ts';
import { recordingHost } from '../hosts/recording.ts';
import { sampleBlueprint, sampleLayout } from '../isolation/os-user/sample.ts';
import { collectStatus } from './collect-status.ts';
import type { Subject } from './subject.ts';

const LAYOUT = sampleLayout('bh', '/var/lib/bulkhead', { root: '/opt/oc', node: '/opt/oc/bin/node', openclaw: '/opt/oc/openclaw.mjs', version: '1' });
const BLUEPRINT: Blueprint = { ...sampleBlueprint('acme', 20_000, LAYOUT), rung: 'container', runtime: 'runsc', host: 'edge-1' };
const titled = (title: string) => (command: Command) => command.title.startsWith(title);
const json = (value: unknown) => ({ stdout: JSON.stringify(value) });
const PROCESS = {
  pid: 7,
  startTicks: '1',
  uid: 9000,
  gid: 9000,
  groups: [],
  noNewPrivs: true,
  capabilities: '0',
  seccomp: 2,
  namespaces: { net: 'sandbox 0123456789abcdef' },
  environment: {},
  variables: {},
};
const KERNEL = { release: '4.4.0', log: 'Starting gVisor...', sandbox: 'sandbox 0123456789abcdef', hidepid: '', tmp: '/tmp', shm: '/dev/shm' };

/** As another machine tells of a tenant in gVisor: nothing of its gateway, whose port is held in the network namespace `net`. */
const machine = (net: string) =>
  recordingHost(
    [
      {
        when: titled('look at the gateways of edge-1'),
        give: json({
          host: {
            bootId: '00000000-0000-0000-0000-000000000000',
            addresses: [],
            namespaces: {},
            tenants: {
              acme: {
                process: { ok: true, value: null },
                listener: {
                  ok: true,
                  value: { address: '127.0.0.1', port: BLUEPRINT.publishedPort, holders: [{ pid: 8, uid: 9000, namespaces: { net } }] },
                },
                backings: { ok: true, value: {} },
                sandbox: { pid: 5, startTicks: '1', net: 'net:[1]', files: 6 },
              },
            },
          },
          hellos: {},
        }),
      },
      { when: titled('look into the gVisor of acme'), give: json({ process: PROCESS, kernel: KERNEL }) },
      { when: titled('ask the gateway of acme'), give: json({ ok: false, why: 'it is busy' }) },
    ],
    { id: 'edge-1' },
  );

async function titlesOf(net: string): Promise<readonly string[]> {
  const host = machine(net);
  const isolation = { enter: (_blueprint, _layout, _observed, program) => program } as Partial<Isolation> as Isolation; // what looking into gVisor takes of it
  const subject: Subject = {
    blueprint: BLUEPRINT,
    layout: LAYOUT,
    host,
    isolation,
    observed: known({}, 'test'),
    details: { uid: 9000, pid: 5 },
    signal: new AbortController().signal,
  };
  await collectStatus([subject], [subject]);
  return host.commands.map(({ title }) => title);
}

test('a gateway in gVisor on another machine is asked once its sandbox was looked into, if the listener is its own', async () => {
  const looked = ['look at the gateways of edge-1', 'look into the gVisor of acme'];
  assert.deepEqual(await titlesOf('net:[1]'), [...looked, 'ask the gateway of acme']);
  assert.deepEqual(await titlesOf('net:[2]'), looked);
});
