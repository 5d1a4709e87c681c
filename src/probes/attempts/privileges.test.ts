import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { elevate } from './privileges.ts';

const folder = mkdtempSync(join(tmpdir(), 'bulkhead-sudo-'));
after(() => rmSync(folder, { recursive: true, force: true }));

test('only a program that would run something without a password is a way to root', async () => {
  const path = join(folder, 'sudo');
  // What sudo 1.9 and sudo-rs 0.2 say with -n -l.
  const table = [
    ['echo "    (root) NOPASSWD: /usr/bin/apt"', { ok: true, got: 'sh asks for no password' }],
    ['echo "sudo: a password is required" >&2; exit 1', { ok: false, code: 'EPERM' }],
    ['echo "sudo: interactive authentication is required" >&2; exit 1', { ok: false, code: 'EPERM' }],
    ['echo "sudo: The \\"no new privileges\\" flag is set, which prevents sudo from running as root." >&2; exit 1', { ok: false, code: 'EPERM' }],
    ['[ "$2" = -l ] && echo "    (ALL) ALL" || { echo "sudo: a password is required" >&2; exit 1; }', { ok: false, code: 'EPERM' }],
    // A password that was given a moment ago still counts.
    ['[ "$2" = -l ] && echo "    (ALL) ALL" || true', { ok: true, got: 'sh ran a program' }],
    ['echo broken >&2; exit 2', { ok: false, code: 'ERROR sh: 2 broken' }],
  ] as const;
  for (const [script, answer] of table) {
    writeFileSync(path, script);
    assert.deepEqual(await elevate({ kind: 'elevate', program: ['sh', path] }), answer, script);
  }
  assert.deepEqual(await elevate({ kind: 'elevate', program: [join(folder, 'none')] }), { ok: false, code: 'ENOENT' });
});
