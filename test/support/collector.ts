/** Runs a collector as it travels: text on standard input of a Node of its own, with a limit of time that a hanging read would pass. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { selfContained } from '../../src/hosts/self-contained.ts';
import { testInstall } from './requires.ts';

export const COLLECTOR_KEY = 'ab'.repeat(32);
export const NOBODY = { uid: 65534, gid: 65534 };

// As a tenant's user too: a Node of the checkout may lie in a folder closed to it.
const NODE = existsSync(testInstall().node) ? testInstall().node : process.execPath;

export function collect(name: string, request: unknown, as: { readonly uid?: number; readonly gid?: number } = {}): Promise<unknown> {
  const { args, stdin } = selfContained(new URL(`../../src/observe/${name}.ts`, import.meta.url), request);
  return new Promise((resolve, reject) => {
    const child = execFile(NODE, [...args], { timeout: 20_000, env: {}, cwd: '/', maxBuffer: 64 << 20, ...as }, (error, stdout) =>
      error === null ? resolve(JSON.parse(stdout)) : reject(error),
    );
    child.stdin?.end(stdin);
  });
}

/** A folder that is gone after the test. */
export function tree(context: TestContext): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'bulkhead-collector-')));
  context.after(() => rmSync(root, { recursive: true, force: true }));
  return root;
}

export function got<T>(seen: { ok: true; value: T } | { ok: false; why: string }): T {
  assert.ok(seen.ok, seen.ok ? '' : seen.why);
  return seen.value;
}
