import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { main } from './evidence-processes.ts';

test(
  'the processes named and what they started are told, nobody else’s, and no environment',
  { skip: process.platform !== 'linux' && 'needs /proc' },
  async (context) => {
    const child = spawn('sleep', ['60'], { env: { PLANTED: 'planted-in-environment' } });
    context.after(() => child.kill());
    const { processes, sockets } = await main({ pids: [process.pid] });
    const pids = processes.map(({ pid }) => pid);
    assert.ok(pids.includes(process.pid) && pids.includes(child.pid ?? 0));
    assert.ok(!pids.includes(1) && !pids.includes(process.ppid));
    assert.deepEqual(processes.find(({ pid }) => pid === child.pid)?.argv, ['sleep', '60']);
    assert.ok((sockets['tcp']?.length ?? 0) > 0);
    assert.ok(!JSON.stringify(processes).includes('planted-in-environment'));
  },
);
