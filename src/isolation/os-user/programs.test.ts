import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { RUN_UNDER_FIRST } from './programs.ts';

const GAVE_UP = 'state lease heartbeat did not become ready (phase=startup)';
const skip = process.platform === 'linux' ? false : 'needs Linux';

test('a gateway that gave up on a busy machine is tried again, one that is configured wrongly is not', { skip }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-ended-'));
  const log = join(folder, 'log');
  /** Exit of the top process of a gateway that says something and ends, when its log held this before. */
  const exitOf = (before: string, says: string, exit: number): number | null => {
    writeFileSync(log, before);
    const out = openSync(log, 'a');
    const gateway = ['/usr/bin/perl', '-e', 'print $ARGV[0]; exit $ARGV[1]', says, String(exit)];
    const { status } = spawnSync('/usr/bin/perl', ['-e', RUN_UNDER_FIRST, '--', '--', ...gateway], { stdio: ['ignore', out, 'inherit'] });
    closeSync(out);
    return status;
  };
  try {
    assert.equal(exitOf('', GAVE_UP, 78), 75);
    assert.equal(exitOf(`${'x'.repeat(100_000)}\n`, GAVE_UP, 78), 75);
    assert.equal(exitOf('', 'the config is not valid', 78), 78);
    assert.equal(exitOf(`${GAVE_UP}\n`, 'the config is not valid', 78), 78, 'an earlier start said it');
    assert.equal(exitOf('', GAVE_UP, 1), 1);
  } finally {
    rmSync(folder, { recursive: true });
  }
  const piped = spawnSync('/usr/bin/perl', ['-e', RUN_UNDER_FIRST, '--', '--', '/bin/sh', '-c', 'exit 78'], { stdio: ['ignore', 'pipe', 'inherit'] });
  assert.equal(piped.status, 78, 'what is no log is not read');
});
