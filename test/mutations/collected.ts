/** Facts that the product's own collectors read from files made for it. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { selfContained } from '../../src/hosts/self-contained.ts';

/** Runs a self-contained program as it travels, and gives what it printed. */
export async function collect(program: string, request: unknown): Promise<unknown> {
  const { args, stdin } = selfContained(new URL(`../../src/observe/${program}.ts`, import.meta.url), request);
  return await new Promise((resolve, reject) => {
    const child = execFile(process.execPath, [...args], { timeout: 60_000, env: {}, maxBuffer: 1 << 24 }, (error, stdout) => {
      if (error === null) resolve(JSON.parse(stdout));
      else reject(error);
    });
    child.stdin?.end(stdin);
  });
}

/** A folder with these files while `use` works with it. `closed`: below directories that only we can write to. */
export async function withTree<T>(files: Readonly<Record<string, string>>, use: (root: string) => Promise<T>, closed = false): Promise<T> {
  const base = !closed ? tmpdir() : process.getuid?.() === 0 ? '/var/lib' : (process.env['HOME'] ?? '/');
  const root = realpathSync(mkdtempSync(join(base, 'bulkhead-seeded-')));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    return await use(root);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
