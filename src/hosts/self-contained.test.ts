import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { test } from 'node:test';
import { selfContained } from './self-contained.ts';

function run(files: Readonly<Record<string, string>>, request: unknown): unknown {
  const root = mkdtempSync(join(tmpdir(), 'bulkhead-program-'));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text);
    const { args, stdin } = selfContained(pathToFileURL(join(root, 'main.ts')), request);
    return JSON.parse(execFileSync(process.execPath, [...args], { input: stdin, encoding: 'utf8', cwd: '/', stdio: ['pipe', 'pipe', 'ignore'] }));
  } finally {
    rmSync(root, { recursive: true });
  }
}

test('a program takes the files that it imports along, each once, and Node\u2019s modules are joined', () => {
  const files = {
    'main.ts': `import { basename } from 'node:path';
import type { Word } from './nowhere.ts';
import { left } from './left.ts';
import { right, type Side } from './right.ts';
export const main = async (path: Word): Promise<Side> => [left(basename(path)), right(path)];`,
    'left.ts': `import { shout } from './common.ts';
export const left = (text: string): string => shout(text);`,
    'right.ts': `import { basename, dirname } from 'node:path';
import { shout } from './common.ts';
export type Side = readonly string[];
export const right = (path: string): string => shout(basename(dirname(path)));`,
    'common.ts': `export const shout = (text: string): string => text.toUpperCase();`,
  };
  assert.deepEqual(run(files, '/a/b/c'), ['C', 'B']);
});

test('a request arrives as it was, whatever it holds', () => {
  const request = { text: 'a\u2028b\u2029`${1}`\\\'"</script>\u0000' };
  assert.deepEqual(run({ 'main.ts': 'export const main = async (request: unknown): Promise<unknown> => request;' }, request), request);
});

test('two files may call something by one name', () => {
  const files = {
    'main.ts': `import { a, one as two } from './part.ts';\nconst b = 1;\nexport const main = async (): Promise<number> => a + b + two();`,
    'part.ts': 'const b = 2;\nexport const a = b;\nexport function one(): number {\n  return 10;\n}',
  };
  assert.equal(run(files, {}), 13);
});

test('a program is made ready without a word on the terminal', () => {
  const here = new URL('./self-contained.ts', import.meta.url).href;
  const source = `import { selfContained } from '${here}'; selfContained(new URL('./busy-ports.ts', '${here}'), { ports: [] });`;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', source], { encoding: 'utf8' });
  assert.deepEqual([status, stderr], [0, '']);
});
