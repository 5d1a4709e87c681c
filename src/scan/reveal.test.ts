import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { requires } from '../../test/support/requires.ts';
import { revealing } from './reveal.ts';

const UID = 64_321;
const skip = requires({ root: true, linux: true, programs: ['unshare', 'perl', 'mount', 'setpriv'] });

test('a mounted directory below a closed one is read, nothing beside it, and nothing by way of a link', { skip }, (t) => {
  const root = mkdtempSync(join(tmpdir(), 'bulkhead-reveal-'));
  t.after(() => rmSync(root, { recursive: true }));
  chmodSync(root, 0o755);
  const closed = join(root, 'closed');
  mkdirSync(closed, { mode: 0o700 });
  for (const name of ['mine', 'beside', 'led-to']) {
    mkdirSync(join(closed, name), { mode: 0o755 });
    writeFileSync(join(closed, name, 'file'), name);
  }
  chownSync(join(closed, 'mine'), UID, UID);
  symlinkSync(join(closed, 'led-to'), join(closed, 'link'));
  const seen = (...mounted: readonly string[]): string => {
    const words = [...revealing(UID, mounted), 'setpriv', `--reuid=${UID}`, '--clear-groups', 'cat'];
    const files = ['mine', 'beside', 'link'].map((name) => join(closed, name, 'file'));
    return spawnSync('env', [...words, ...files], { encoding: 'utf8' }).stdout;
  };
  assert.equal(seen(), '', 'closed without it');
  assert.equal(seen(join(closed, 'mine'), join(closed, 'link'), join(closed, 'nowhere'), '/proc'), 'mine');
  assert.deepEqual(readdirSync(closed).toSorted(), ['beside', 'led-to', 'link', 'mine'], 'to everybody else it is as it was');
});

test('only plain absolute directories are asked for', () => {
  assert.deepEqual(revealing(UID, ['', '/', 'a', '/a/../b', '/a//b', 'volume']), []);
});
