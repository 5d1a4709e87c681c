/** npm run generate: writes docs/checks/ from the checks themselves. `--list` names the files, `--check` fails where one is not as it would be written. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkRules } from '../src/cli/rules.ts';
import { ruleIndexPage, rulePage } from '../src/report/explain.ts';

const folder = new URL('../docs/checks/', import.meta.url).pathname;
const rules = checkRules();
const pages = new Map([['README.md', ruleIndexPage(rules)], ...rules.map((rule) => [`${rule.id}.md`, rulePage(rule)] as const)]);

const [mode] = process.argv.slice(2);
if (mode === '--list') process.stdout.write([...pages.keys()].map((file) => `docs/checks/${file}\n`).join(''));
else if (mode === '--check') {
  const stale = [...pages].filter(([file, text]) => textOf(file) !== text).map(([file]) => file);
  const extra = present().filter((file) => !pages.has(file));
  for (const file of [...stale, ...extra]) process.stdout.write(`docs/checks/${file} is not what the checks say; run npm run generate\n`);
  process.exitCode = stale.length + extra.length > 0 ? 1 : 0;
} else {
  mkdirSync(folder, { recursive: true });
  for (const file of present()) if (!pages.has(file)) rmSync(join(folder, file));
  for (const [file, text] of pages) writeFileSync(join(folder, file), text);
}

function present(): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function textOf(file: string): string | undefined {
  return present().includes(file) ? readFileSync(join(folder, file), 'utf8') : undefined;
}
