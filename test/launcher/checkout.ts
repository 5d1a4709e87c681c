/** A checkout of its own for launcher tests: the real launcher over a small program, and a machine whose Node and npm are ours. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

const ROOT = join(import.meta.dirname, '../..');

export interface Checkout {
  /** Holds everything; removed after the test. */
  readonly top: string;
  readonly launcher: string;
  readonly root: string;
  readonly environment: Readonly<Record<string, string>>;
  /** One line per start of npm. */
  npmStarts(): number;
}

export interface Ended {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const MAIN = `import { answer } from 'sample-dependency';
export async function main(argv: readonly string[]): Promise<number> {
  process.stdout.write(JSON.stringify({ argv, answer, cwd: process.cwd() }));
  return 7;
}
`;

/** Stands for npm: takes as long as NPM_SECONDS says, then leaves what npm ci would. Fails when NPM_FAILS is set. */
const NPM = `#!/bin/sh
echo "$*" >>"$NPM_LOG"
sleep "\${NPM_SECONDS:-0}"
[ -z "\${NPM_FAILS:-}" ] || { echo 'npm: no network' >&2; exit 1; }
mkdir -p node_modules
if grep -q node-linux package.json; then
  for machine in x64 arm64; do mkdir -p node_modules/node-linux-$machine/bin; ln -s "$REAL_NODE" node_modules/node-linux-$machine/bin/node; done
else
  mkdir -p node_modules/sample-dependency
  echo '{"name":"sample-dependency","type":"module","exports":"./index.js"}' >node_modules/sample-dependency/package.json
  echo 'export const answer = 42;' >node_modules/sample-dependency/index.js
fi
touch node_modules/.package-lock.json
`;

/** `node` 20 is what the machine has, unless `fits`. */
export function makeCheckout(t: TestContext, options: { readonly fits?: boolean } = {}): Checkout {
  const top = mkdtempSync(join(tmpdir(), 'bulkhead-launcher-'));
  t.after(() => rmSync(top, { recursive: true, force: true }));
  const root = join(top, 'a checkout');
  const tools = join(top, 'tools');
  for (const directory of ['src/cli', 'runtime']) mkdirSync(join(root, directory), { recursive: true });
  mkdirSync(tools);
  for (const entry of ['bulkhead', 'bin', 'runtime/node', '.npmrc']) cpSync(join(ROOT, entry), join(root, entry), { recursive: true });
  writeFileSync(join(root, 'package.json'), '{"name":"sample","version":"1.2.3","type":"module"}');
  writeFileSync(join(root, 'package-lock.json'), '{"lockfileVersion":3}');
  writeFileSync(join(root, 'src/cli/main.ts'), MAIN);
  writeProgram(join(tools, 'npm'), NPM);
  const old = `#!/bin/sh\n[ "$1" != --version ] || { echo v20.19.0; exit; }\nexec '${process.execPath}' "$@"\n`;
  if (options.fits === true) symlinkSync(process.execPath, join(tools, 'node'));
  else writeProgram(join(tools, 'node'), old);
  const log = join(top, 'npm.log');
  return {
    top,
    root,
    launcher: join(root, 'bulkhead'),
    environment: { PATH: `${tools}:/usr/bin:/bin`, HOME: join(top, 'home'), NPM_LOG: log, REAL_NODE: process.execPath },
    npmStarts: () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n').length : 0),
  };
}

export async function launch(checkout: Checkout, args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return await ended(start(checkout, args, environment));
}

export function start({ launcher, environment, top }: Checkout, args: readonly string[], more: Readonly<Record<string, string>> = {}): ChildProcess {
  return spawn(launcher, args, { env: { ...environment, ...more }, cwd: top, stdio: ['ignore', 'pipe', 'pipe'] });
}

export async function ended(child: ChildProcess): Promise<Ended> {
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  await once(child, 'close');
  return { exit: child.exitCode, stdout, stderr };
}

function writeProgram(path: string, text: string): void {
  writeFileSync(path, text);
  chmodSync(path, 0o755);
}
