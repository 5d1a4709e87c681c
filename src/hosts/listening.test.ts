import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { test } from 'node:test';
import { BulkheadError } from '../core/error.ts';
import { listeningPorts, readPorts } from './listening.ts';
import { localHost } from './local.ts';
import { recordingHost } from './recording.ts';

const signal = new AbortController().signal;
const HEAD = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
const socket = (port: string, state: string) =>
  `   0: 0100007F:${port} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 1 1`;

test('sockets that listen are taken, others are not', () => {
  const text = ['32768\t60999', HEAD, socket('0016', '0A'), socket('4E20', '01'), HEAD, socket('0050', '0A'), ''].join('\n');
  assert.deepEqual(readPorts(text), { busy: [22, 80], ephemeral: { first: 32768, last: 60999 } });
});

test('what is not the kernel’s text is not an empty list', async () => {
  assert.equal(readPorts(''), undefined);
  assert.equal(readPorts('32768 60999\n'), undefined);
  await assert.rejects(listeningPorts(recordingHost([{ when: 'cat', give: { exit: 1 } }]), signal), BulkheadError);
});

test('a listener of this machine is seen', { skip: process.platform === 'linux' ? false : 'needs Linux' }, async () => {
  const server = createServer().listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  assert.ok((await listeningPorts(localHost(), signal)).busy.includes(port));
  server.close();
  await once(server, 'close');
  assert.ok(!(await listeningPorts(localHost(), signal)).busy.includes(port));
});
