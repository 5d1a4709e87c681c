import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatProblem, parseManifest, type ManifestProblem } from './parse.ts';
import { MAX_PROBLEMS } from './problem.ts';
import { MAX_BYTES } from './scan.ts';

const HEAD = 'fleet: hexa\ntrust: clients\ntenants:\n';
const TENANT = '  acme: { boundary: { owner: a, data: b, members: [] }, policy: support }\n';
/** Generous: the point is seconds instead of minutes, on a slow machine too. */
const BOUND_MS = 15_000;

function problemsOf(source: string | Uint8Array): readonly ManifestProblem[] {
  const started = performance.now();
  const parsed = parseManifest(source, 'bulkhead.yaml', '00');
  assert.ok(performance.now() - started < BOUND_MS, 'bounded time');
  if (parsed.ok) return [];
  assert.ok(parsed.problems.length >= 1 && parsed.problems.length <= MAX_PROBLEMS);
  for (const problem of parsed.problems) {
    assert.ok(problem.line >= 1 && problem.column >= 1);
    assert.ok(formatProblem(problem).length < 2000);
    // oxlint-disable-next-line no-control-regex -- that none of them is printed is what is tested
    assert.doesNotMatch(formatProblem(problem), /[\u0000-\u001F\u007F-\u009F\u200B\u200E\u200F\u2028-\u202E\u2066-\u2069\uFEFF]/);
  }
  return parsed.problems;
}

function refuses(source: string | Uint8Array, place: string, message: RegExp): void {
  const first = problemsOf(source)[0];
  assert.ok(first !== undefined, 'the manifest should have been refused');
  assert.equal(`${first.line}:${first.column}`, place);
  assert.match(first.message, message);
}

const fill = (text: string, size = MAX_BYTES): string => text.repeat(Math.floor(size / text.length));

test('a manifest beyond a mebibyte is refused unread, in bytes as in text', () => {
  refuses('a'.repeat(MAX_BYTES + 1), '1:1', /larger than 1024 KiB/);
  refuses(new Uint8Array(100 * 1024 * 1024), '1:1', /larger than 1024 KiB/);
  refuses('é'.repeat(MAX_BYTES - 1), '1:1', /larger than 1024 KiB/);
});

test('anchors, aliases, merge keys, tags and directives are refused where they stand', () => {
  refuses(`${HEAD}  acme: &a { x: 1 }\n`, '4:9', /anchors are not allowed/);
  refuses(`${HEAD}  acme: *a\n`, '4:9', /aliases are not allowed/);
  refuses(`${HEAD}  acme: { <<: { x: 1 } }\n`, '4:11', /key "<<" is not allowed/);
  refuses(`fleet: !!js/function x\n`, '1:8', /tags are not allowed/);
  refuses(`%YAML 1.1\n---\nfleet: x\n`, '1:1', /directives are not allowed/);
});

test('an alias bomb is refused at its first anchor', () => {
  const bomb = Array.from({ length: 30 }, (_, index) => `l${index}: &l${index} [${`*l${index - 1},`.repeat(9)}]`).join('\n');
  refuses(bomb, '1:5', /anchors are not allowed/);
});

test('a cycle is refused at its anchor', () => refuses('a: &a [*a]\n', '1:4', /anchors are not allowed/));

test('a star, an ampersand or a percent inside text is only text', () => {
  const source = `${HEAD}  acme: { boundary: { owner: a & b *c, data: "&x *y !z %w", members: [] }, policy: support }\n`;
  assert.deepEqual(problemsOf(source), []);
  const block = `${HEAD}  acme:\n    boundary:\n      owner: a\n      data: |\n        *not an alias\n        &nor an anchor\n      members: []\n    policy: support\n`;
  assert.deepEqual(problemsOf(block), []);
});

test('duplicate keys are refused with the line of the first', () => {
  refuses(`${HEAD}${TENANT}${TENANT}`, '5:3', /duplicate key "acme"; the first is on line 4/);
  refuses(`${HEAD}  a: 1\n  "a": 2\n`, '5:3', /duplicate key "a"/);
  refuses(`fleet: x\nfleet: y\n`, '2:1', /duplicate key "fleet"/);
});

for (const key of ['__proto__', 'constructor', 'prototype']) {
  test(`the key ${key} is refused everywhere`, () => {
    refuses(`${HEAD}  ${key}: 1\n`, '4:3', /is not allowed/);
    refuses(`${HEAD}${TENANT.replace(' }\n', `, config: { a: { ${key}: { x: 1 } } } }\n`)}`, '4:89', /is not allowed/);
    assert.equal(Reflect.get({}, 'x'), undefined);
  });
}

test('invisible, steering and control characters are refused in the source, comments included', () => {
  refuses('fleet: a\u0000b\n', '1:9', /U\+0000 is not allowed/);
  refuses('fleet: x\n# harmless\u202E\n', '2:11', /U\+202E is not allowed/);
  refuses('fleet: x\u001B[2J\n', '1:9', /U\+001B/);
  refuses('fleet: a\u200Bb\n', '1:9', /U\+200B/);
  refuses('fleet: a\u2028b\n', '1:9', /U\+2028/);
  refuses('fleet: a\uD800\n', '1:9', /U\+D800/);
});

test('the same characters are refused when they are written as escapes', () => {
  const at = (owner: string): string => HEAD + TENANT.replace('owner: a', `owner: "${owner}"`);
  refuses(at('a\\0'), '4:30', /U\+0000/);
  refuses(at('a\\u202e'), '4:30', /U\+202E/);
  refuses(at('a\\e[31m'), '4:30', /U\+001B/);
  refuses(`${HEAD}  "a\\u2066": 1\n`, '4:3', /a key holds the character U\+2066/);
});

test('".." as a part of a path is refused in any text, and dots in prose are not', () => {
  const at = (field: string): string => HEAD + TENANT.replace(' }\n', `, ${field} }\n`);
  for (const path of ['/srv/../etc', '../x', '/a/..', '..', 'a\\\\..\\\\b'])
    refuses(at(`backup: { to: "${path}" }`), '4:88', /"\.\." as a part of a path/);
  refuses(at('config: { a: ["../../etc"] }'), '4:88', /"\.\." as a part of a path/);
  assert.deepEqual(problemsOf(HEAD + TENANT.replace('data: b', 'data: tickets.. and more ...')), []);
});

test('scripts that need joiners, and emoji, are text', () => {
  assert.deepEqual(problemsOf(HEAD + TENANT.replace('data: b', 'data: "می\u200Cخواهم 👩\u200D💻 Ünïcode"')), []);
});

test('nesting beyond 32 levels is refused, in brackets and in blocks', () => {
  refuses(fill('['), '1:33', /nested deeper than 32/);
  refuses(fill('{a: '), '1:129', /nested deeper than 32/);
  refuses(Array.from({ length: 200 }, (_, index) => `${' '.repeat(index)}a:`).join('\n'), '33:33', /nested deeper than 32/);
  refuses('- '.repeat(50), '1:65', /nested deeper than 32/);
  assert.match(problemsOf('- '.repeat(100_000))[0]?.message ?? '', /nested deeper than 32/);
});

test('what is not UTF-8 is refused where it begins to be something else', () => {
  refuses(new Uint8Array([0x61, 0x3a, 0x0a, 0x62, 0xff, 0x0a]), '2:2', /not UTF-8/);
  refuses(new Uint8Array([0xff, 0xfe, 0x61, 0x00]), '1:1', /not UTF-8/);
  refuses(new Uint8Array([0xc0, 0xaf]), '1:1', /not UTF-8/);
});

test('a second document is refused', () => {
  refuses(`${HEAD}${TENANT}---\na: 1\n`, '5:1', /one YAML document/);
  refuses(`${HEAD}${TENANT}...\na: 1\n`, '6:1', /one YAML document/);
  assert.deepEqual(problemsOf(`---\n${HEAD}${TENANT}...\n`), []);
});

test('keys that are not text, and numbers that cannot be held, are refused', () => {
  refuses('? [a]\n: 1\n', '1:3', /a key must be plain text/);
  refuses(`${HEAD}${TENANT.replace(' }\n', ', config: { id: 12345678901234567890 } }\n')}`, '4:88', /cannot be held exactly/);
  refuses(`${HEAD}${TENANT.replace(' }\n', ', config: { id: .inf } }\n')}`, '4:88', /cannot be held exactly/);
});

test('an empty manifest, a word and a list are refused', () => {
  refuses('', '1:1', /the manifest must be a mapping, not empty/);
  refuses('# nothing\n', '1:1', /the manifest must be a mapping, not empty/);
  refuses('hello\n', '1:1', /the manifest must be a mapping, not text/);
  refuses('- a\n', '1:1', /the manifest must be a mapping, not a list/);
});

test('tabs, broken quotes and stray colons have a place', () => {
  refuses('fleet: x\n\ttrust: team\n', '2:1', /./);
  refuses('fleet: "x\n', '2:1', /closing quote/);
  refuses('fleet: a: b\n', '1:8', /./);
});

test('a mebibyte of anything ends soon, with few problems', () => {
  const names = Array.from(
    { length: 1500 },
    (_, index) => `  ${'t'.repeat(34)}${index}: { boundary: { owner: a, data: b, members: [] }, policy: support }\n`,
  ).join('');
  const strangers = Array.from({ length: 9000 }, (_, index) => `${'u'.repeat(34)}${index}`).join(', ');
  for (const source of [
    fill(']'),
    fill(','),
    `[${fill(',', MAX_BYTES - 1)}`,
    fill('"'),
    fill('- [\n'),
    fill('? '),
    fill(': '),
    fill('a: b: c\n'),
    fill('\n'),
    fill('#\n'),
    fill('|\n'),
    fill('a\n'),
    `"${fill('\\', MAX_BYTES - 1)}`,
    Array.from({ length: 70_000 }, (_, index) => `k${index}:`).join('\n'),
    Array.from({ length: 70_000 }, () => 'k:').join('\n'),
    `${HEAD}${names}relations: [{ trust: team, between: [${strangers}] }]\n`,
    `${HEAD}${TENANT}relations:\n${fill('- 1\n', 30_000)}`,
  ]) {
    assert.notEqual(problemsOf(source).length, 0);
  }
});

test('any text gives a fleet or problems with places, and never throws', () => {
  const word = fc.constantFrom(
    'fleet',
    'trust',
    'tenants',
    'boundary',
    'policy',
    ': ',
    '\n',
    '  ',
    '- ',
    '{',
    '}',
    '[',
    ']',
    ',',
    '"',
    "'",
    '&a',
    '*a',
    '!t',
    '|',
    '>',
    '#',
    '---',
    '?',
    'clients',
    '\u202E',
    '\0',
    '__proto__',
    '1e999',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.array(word, { maxLength: 60 }).map((words) => words.join('')),
      ),
      (text) => {
        problemsOf(text);
      },
    ),
    { numRuns: 1500 },
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      problemsOf(bytes);
    }),
  );
});

test('any value in any place of a manifest gives a fleet or problems, and never throws', () => {
  const places = [
    'fleet',
    'trust',
    'relations',
    'hosts',
    'tenants',
    'namedRisks',
    'boundary',
    'policy',
    'channels',
    'models',
    'limits',
    'port',
    'allow',
    'backup',
    'config',
    'apiClients',
  ] as const;
  fc.assert(
    fc.property(fc.constantFrom(...places), fc.jsonValue({ maxDepth: 4 }), (place, value) => {
      const tenant: Record<string, unknown> = { boundary: { owner: 'a', data: 'b', members: [] }, policy: 'support' };
      const manifest: Record<string, unknown> = { fleet: 'hexa', trust: 'clients', tenants: { acme: tenant } };
      (Object.hasOwn(manifest, place) || ['relations', 'hosts', 'namedRisks'].includes(place) ? manifest : tenant)[place] = value;
      problemsOf(JSON.stringify(manifest));
    }),
    { numRuns: 1500 },
  );
});
