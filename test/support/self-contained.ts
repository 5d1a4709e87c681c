/** Runs a collector as it travels: text on standard input of a Node of its own, with a limit of time that a hanging read would pass. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { selfContained, sibling } from '../../src/hosts/self-contained.ts';
import { testInstall } from './requires.ts';

// As a tenant's user too: a Node of the checkout may lie in a folder closed to it.
const NODE = existsSync(testInstall().node) ? testInstall().node : process.execPath;

export function runCollector(name: string, request: unknown, as: { readonly uid?: number; readonly gid?: number } = {}): Promise<unknown> {
  const { args, stdin } = selfContained(sibling(import.meta.url, `../../src/observe/${name}`), request);
  return new Promise((resolve, reject) => {
    const child = execFile(NODE, [...args], { timeout: 60_000, env: { PATH: '/usr/bin:/bin' }, cwd: '/', ...as }, (error, stdout) =>
      error === null ? resolve(JSON.parse(stdout)) : reject(error),
    );
    child.stdin?.end(stdin);
  });
}
