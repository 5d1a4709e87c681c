/** Holds .oxlintrc.json to its promise: every folder of src/ has an import rule, and each rule refuses what it should. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Folder → an import that must be refused there. */
const REFUSED: Readonly<Record<string, string>> = {
  apply: '../cli/x.ts',
  blueprint: 'node:fs',
  checks: '../hosts/x.ts',
  cli: 'node:child_process',
  core: 'node:path',
  demo: 'node:child_process',
  hosts: 'node:sqlite',
  isolation: 'node:child_process',
  manifest: '../isolation/x.ts',
  observe: '../state/x.ts',
  openclaw: '../cli/x.ts',
  plan: '../hosts/x.ts',
  probes: '../checks/x.ts',
  report: 'node:fs',
  scan: '../checks/x.ts',
  state: 'node:child_process',
  supervise: 'node:sqlite',
  verify: '../cli/x.ts',
};

const root = join(import.meta.dirname, '..');
const folders = readdirSync(join(root, 'src'), { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
const problems = folders.filter((folder) => REFUSED[folder] === undefined).map((folder) => `src/${folder} has no import rule that is tried here`);
const place = mkdtempSync(join(tmpdir(), 'bulkhead-imports-'));
try {
  // Without types: the samples import files that do not exist.
  const config: unknown = JSON.parse(readFileSync(join(root, '.oxlintrc.json'), 'utf8'));
  writeFileSync(join(place, '.oxlintrc.json'), JSON.stringify({ ...(config as object), options: {} }));
  for (const [folder, specifier] of Object.entries(REFUSED)) {
    mkdirSync(join(place, 'src', folder), { recursive: true });
    writeFileSync(join(place, 'src', folder, 'bad.ts'), `import * as bad from '${specifier}';\nexport const used = bad;\n`);
    writeFileSync(
      join(place, 'src', folder, 'good.ts'),
      `import * as good from '${folder === 'core' ? './' : '../core/'}words.ts';\nexport const used = good;\n`,
    );
  }
  const found = lint(place);
  for (const folder of Object.keys(REFUSED)) {
    if (!found.includes(`src/${folder}/bad.ts`)) problems.push(`src/${folder} may import ${REFUSED[folder] ?? ''}, and should not`);
    if (found.includes(`src/${folder}/good.ts`)) problems.push(`src/${folder} may not import core, and should`);
  }
} finally {
  rmSync(place, { recursive: true });
}
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.exitCode = problems.length === 0 ? 0 : 1;

function lint(directory: string): string {
  try {
    return execFileSync(join(root, 'node_modules/.bin/oxlint'), ['--format=unix', '-c', join(directory, '.oxlintrc.json'), 'src'], {
      cwd: directory,
      encoding: 'utf8',
      stdio: 'pipe',
    });
  } catch (error) {
    // Findings are what is wanted; they exit 1.
    if (error instanceof Error && 'stdout' in error && typeof error.stdout === 'string' && error.stdout !== '') return error.stdout;
    throw error;
  }
}
