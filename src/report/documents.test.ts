import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { fixtureReport } from '../../test/support/report-fixture.ts';
import { EXIT_CODES } from '../core/error.ts';
import { parseManifest } from '../manifest/parse.ts';
import { PROBES } from '../probes/index.ts';
import { routes } from '../cli/routes.ts';
import { bannedClaims } from './honest-words.ts';
import { ITEM_TEXT } from './items.ts';
import { allLimitIds } from './limits.ts';
import { printReport } from './terminal.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const documents = [
  'README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => join('docs', path)),
];

test('there are documents to test', () => assert.ok(documents.length >= 12));

for (const path of documents) {
  test(`${path}: every link and every file it names exists`, () => {
    const text = read(path);
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)(?:#[^)]*)?\)/gu)].map((match) => join(dirname(path), match[1] ?? ''));
    const named = [...text.matchAll(/`((?:src|docs|examples|test)\/[\w./-]+)`/gu)].map((match) => match[1] ?? '');
    for (const file of [...links, ...named]) assert.ok(existsSync(join(root, file)), `${file} does not exist`);
  });

  test(`${path}: claims nothing that no test can show`, () => assert.deepEqual(bannedClaims(read(path)), []));

  test(`${path}: every command it shows exists`, () => {
    for (const [, command] of read(path).matchAll(/(?:\.\/bulkhead|`bulkhead) ([a-z]+)/gu))
      assert.ok(command !== undefined && command in routes, `${command} is no command`);
  });
}

test('the README lists every command and every exit code', () => {
  const readme = read('README.md');
  for (const command of Object.keys(routes)) assert.match(readme, new RegExp(`\`(?:\\./bulkhead )?${command}[\` ]`, 'u'));
  for (const code of new Set(Object.values(EXIT_CODES))) assert.match(readme, new RegExp(`^\\| ${code} \\|`, 'mu'));
});

test('the manifest in the README is read without a problem', () => {
  const yaml = /```yaml\n([\s\S]*?)```/u.exec(read('README.md'))?.[1] ?? '';
  const parsed = parseManifest(yaml, 'README.md', '');
  assert.deepEqual(parsed.ok ? [] : parsed.problems, []);
});

test('the picture in the README is what the printer prints, or the output of a real run', () => {
  const picture = /<!-- picture:begin([\s\S]*?)-->([\s\S]*?)<!-- picture:end -->/u.exec(read('README.md'));
  assert.ok(picture !== null);
  if (!(picture[1] ?? '').includes('report-fixture')) return;
  const block = /```text\n([\s\S]*?)```/u.exec(picture[2] ?? '')?.[1] ?? '';
  assert.equal(block, printReport(fixtureReport(), { color: false, width: 100 }));
});

test('every limit that a report names is explained in docs/limits.md', () => {
  const text = read('docs/limits.md');
  for (const id of allLimitIds()) assert.ok(text.includes(`<a id="${id}">`), id);
});

test('every probe is shown on a row of the checklist', () => {
  const starts = Object.values(ITEM_TEXT).flatMap(({ probes }) => probes);
  for (const { id } of PROBES)
    assert.ok(
      starts.some((start) => id.startsWith(start)),
      `add ${id} to src/report/items.ts`,
    );
});
