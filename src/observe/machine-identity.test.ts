import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { test } from 'node:test';
import * as v from 'valibot';
import { runCollector } from '../../test/support/self-contained.ts';
import { MachineSeen } from './collected-os.ts';

const skip = process.platform === 'linux' ? false : 'needs Linux: it reads /proc';

test('a machine tells a digest of its id, never the id, and every gateway on it', { skip }, async (context) => {
  const child = spawn(process.execPath, ['-e', "process.title = 'openclaw-gateway'; process.stdout.write('up'); setInterval(() => {}, 1000)"], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  context.after(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  const { machine } = v.parse(MachineSeen, await runCollector('machine-collector', { tenants: [], sockets: [], names: [], agents: [] }));
  if (!machine.ok) assert.fail(machine.why);
  const own = machine.value.gateways.find(({ pid }) => pid === child.pid);
  assert.equal(own?.uid, process.getuid?.());
  assert.match(own?.pidNamespace ?? '', /^\d+$/);
  assert.equal(machine.value.memoryBytes, totalmem());
  const id = idOf();
  if (id !== undefined) {
    assert.match(machine.value.machineId ?? '', /^[0-9a-f]{32}$/);
    assert.notEqual(machine.value.machineId, id);
  }
});

function idOf(): string | undefined {
  try {
    const id = readFileSync('/etc/machine-id', 'utf8').trim();
    return /^[0-9a-f]{32}$/.test(id) ? id : undefined;
  } catch {
    return undefined; // a container without one
  }
}
