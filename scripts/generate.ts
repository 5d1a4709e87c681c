/** npm run generate: writes docs/checks/, docs/attacks/, docs/policy/ and docs/rungs.md from the checks, probes, tool policies and docs/rungs.json. `--list` names the files, `--check` fails where one is not as it would be written. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkRules } from '../src/cli/rules.ts';
import { PROBES } from '../src/probes/index.ts';
import { attackIndexPage, attackPage } from '../src/report/attack-page.ts';
import { PRESET_NAMES } from '../src/core/fleet.ts';
import { ruleIndexPage, rulePage } from '../src/report/explain.ts';
import { policyIndexPage, policyPage } from '../src/report/policy-page.ts';
import { rungsPage, type RungRecords } from '../src/report/rungs-page.ts';

const root = new URL('../', import.meta.url).pathname;
const rules = checkRules();
/** Folder → file → text. */
const folders = new Map([
  ['docs/checks', new Map([['README.md', ruleIndexPage(rules)], ...rules.map((rule) => [`${rule.id}.md`, rulePage(rule)] as const)])],
  ['docs/attacks', new Map([['README.md', attackIndexPage(PROBES)], ...PROBES.map((probe) => [`${probe.id}.md`, attackPage(probe)] as const)])],
  ['docs/policy', new Map([['README.md', policyIndexPage()], ...PRESET_NAMES.map((name) => [`${name}.md`, policyPage(name)] as const)])],
]);

/** Pages beside them that something else prints: scripts/tool-matrix.ts. */
const PRINTED = new Set(['docs/policy/matrix.md']);

const RUNGS_PAGE = 'docs/rungs.md';
const rungs = rungsPage(PROBES, JSON.parse(readFileSync(join(root, 'docs/rungs.json'), 'utf8')) as RungRecords);

const [mode] = process.argv.slice(2);
if (mode === '--list') process.stdout.write(`${RUNGS_PAGE}\n`);
else if (mode !== '--check') writeFileSync(join(root, RUNGS_PAGE), rungs);
else if (textOf('docs', 'rungs.md') !== rungs) complain(RUNGS_PAGE);
for (const [folder, pages] of folders) {
  if (mode === '--list') process.stdout.write([...pages.keys()].map((file) => `${folder}/${file}\n`).join(''));
  else if (mode === '--check') {
    const stale = [...pages].filter(([file, text]) => textOf(folder, file) !== text).map(([file]) => file);
    const extra = present(folder).filter((file) => !pages.has(file));
    for (const file of [...stale, ...extra]) complain(`${folder}/${file}`);
  } else {
    mkdirSync(join(root, folder), { recursive: true });
    for (const file of present(folder)) if (!pages.has(file)) rmSync(join(root, folder, file));
    for (const [file, text] of pages) writeFileSync(join(root, folder, file), text);
  }
}

function complain(file: string): void {
  process.stdout.write(`${file} is not what its source says; run npm run generate\n`);
  process.exitCode = 1;
}

function present(folder: string): readonly string[] {
  try {
    return readdirSync(join(root, folder)).filter((file) => !PRINTED.has(`${folder}/${file}`));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function textOf(folder: string, file: string): string | undefined {
  return present(folder).includes(file) ? readFileSync(join(root, folder, file), 'utf8') : undefined;
}
