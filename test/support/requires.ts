/** Says what a test is missing on this machine, as a skip reason; under BULKHEAD_E2E=all a missing thing is a failure. */
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Install } from '../../src/core/blueprint.ts';

export interface Requirements {
  readonly root?: boolean;
  readonly linux?: boolean;
  /** Looked for in the directories of `BASE_ENVIRONMENT.PATH`. */
  readonly programs?: readonly string[];
  /** Below /dev. */
  readonly devices?: readonly string[];
  /** The installed OpenClaw runtime, see `testInstall`. */
  readonly openclaw?: boolean;
}

const PROGRAM_DIRECTORIES = ['/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** `test(name, { skip: requires({ root: true }) }, …)`: false, or what is missing. Throws instead when BULKHEAD_E2E=all. */
export function requires(requirements: Requirements): string | false {
  const missing: string[] = [];
  if (requirements.linux === true && process.platform !== 'linux') missing.push('Linux');
  if (requirements.root === true && process.getuid?.() !== 0) missing.push('root');
  for (const program of requirements.programs ?? []) {
    if (!PROGRAM_DIRECTORIES.some((directory) => isExecutable(join(directory, program)))) missing.push(`the program ${program}`);
  }
  for (const device of requirements.devices ?? []) if (!existsSync(`/dev/${device}`)) missing.push(`/dev/${device}`);
  if (requirements.openclaw === true && !isInstalled(testInstall()))
    missing.push(`the OpenClaw runtime at ${testInstall().root} (./bulkhead install)`);
  if (missing.length === 0) return false;
  const reason = `needs ${missing.join(', ')}`;
  if (process.env['BULKHEAD_E2E'] === 'all') throw new Error(`BULKHEAD_E2E=all: this test ${reason}`);
  return reason;
}

/** Where tests find OpenClaw: BULKHEAD_TEST_RUNTIME, or the place where `./bulkhead install` puts it by default. */
export function testInstall(): Install {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../runtime/openclaw/package.json', import.meta.url), 'utf8'));
  const version = openclawVersion(manifest);
  const root = process.env['BULKHEAD_TEST_RUNTIME'] ?? join(defaultStateDir(), 'runtime', `openclaw-${version}`);
  return { root, node: join(root, 'bin/node'), openclaw: join(root, 'node_modules/openclaw/openclaw.mjs'), version };
}

function defaultStateDir(): string {
  if (process.getuid?.() === 0) return '/var/lib/bulkhead';
  return join(process.env['XDG_STATE_HOME'] ?? join(process.env['HOME'] ?? '/', '.local/state'), 'bulkhead');
}

function openclawVersion(manifest: unknown): string {
  const dependencies: unknown = typeof manifest === 'object' && manifest !== null && 'dependencies' in manifest ? manifest.dependencies : undefined;
  const version: unknown =
    typeof dependencies === 'object' && dependencies !== null && 'openclaw' in dependencies ? dependencies.openclaw : undefined;
  if (typeof version !== 'string') throw new Error('runtime/openclaw/package.json names no version of openclaw');
  return version;
}

function isInstalled(install: Install): boolean {
  return isExecutable(install.node) && isReadable(install.openclaw);
}

function isExecutable(path: string): boolean {
  return can(path, constants.X_OK);
}

function isReadable(path: string): boolean {
  return can(path, constants.R_OK);
}

function can(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false; // absent or not allowed: both mean that the test cannot use it, and the caller says so
  }
}
