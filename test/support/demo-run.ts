/** Runs the demo as somebody at a terminal does, and looks at what it leaves. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { HOST_LISTINGS } from './host-listings.ts';

export interface Ended {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program as leader of a group of its own; `interrupt` sends the group what a terminal sends on Ctrl-C once stderr matches. */
export async function play(
  argv: readonly string[],
  options: { readonly cwd: string; readonly env?: Record<string, string>; readonly interrupt?: RegExp },
): Promise<Ended> {
  const [program = '', ...args] = argv;
  const child = spawn(program, args, { cwd: options.cwd, env: options.env ?? process.env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  let pressed = false;
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
    if (pressed || options.interrupt?.test(stderr) !== true || child.pid === undefined) return;
    pressed = true;
    process.kill(-child.pid, 'SIGINT');
  });
  const exit = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { exit, stdout, stderr };
}

/** The folder that a demo made, by what it said. */
export function folderIn({ stdout, stderr }: Ended): string {
  return /\/[^ \n]*bulkhead-demo-\w{6}/.exec(stderr + stdout)?.[0] ?? assert.fail(stderr);
}

export function assertNothingLeft(folder: string): void {
  assert.ok(!existsSync(folder), folder);
  const instance = `bh${createHash('sha256').update(`${folder}/state`).digest('hex').slice(0, 4)}`;
  for (const [program, ...args] of HOST_LISTINGS) {
    const { stdout } = spawnSync(program, args, { encoding: 'utf8' });
    const left = stdout.split('\n').filter((line) => line.includes(`${instance}-`) || line.includes(`inet ${instance}`) || line.includes(folder));
    assert.deepEqual(left, [], program);
  }
  assert.ok(!existsSync(`/run/bulkhead/${instance}`));
}
