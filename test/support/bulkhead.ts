/** Runs the launcher as a user would, on a fleet in a folder of its own, and takes everything away afterwards. */
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandResult } from '../../src/core/command.ts';
import { localHost } from '../../src/hosts/local.ts';

const LAUNCHER = new URL('../../bulkhead', import.meta.url).pathname;
const PASSED = ['HOME', 'PATH', 'NODE_EXTRA_CA_CERTS'];

export interface Trial {
  /** Path of `./bulkhead`. */
  readonly launcher: string;
  readonly folder: string;
  readonly stateDir: string;
  write(name: string, text: string): string;
  run(...argv: readonly string[]): Promise<CommandResult>;
  /** Runs a program of the machine itself. */
  host(...argv: readonly [string, ...string[]]): Promise<CommandResult>;
  argv(...argv: readonly string[]): [string, ...string[]];
  /** Removes the tenants and the folder. */
  end(tenants: readonly string[]): Promise<void>;
}

/** By which everything is named that a state directory other than the default one has on the machine: as in src/cli/layouts.ts, told apart from it on purpose. */
export function instanceOf(stateDir: string): string {
  return `bh${createHash('sha256').update(realpathSync(stateDir)).digest('hex').slice(0, 4)}`;
}

/** Keeps what a verification printed in the folder BULKHEAD_REPORTS, for scripts/record-rungs.ts; without that variable nothing. */
export function keepReport(name: string, report: unknown): void {
  const folder = process.env['BULKHEAD_REPORTS'];
  if (folder !== undefined && folder !== '') writeFileSync(join(folder, `${name}.json`), JSON.stringify(report));
}

/** A folder that OS users can pass through, with `bulkhead.yaml` to be written into it. */
export function trial(): Trial {
  const folder = mkdtempSync(join(process.getuid?.() === 0 ? '/var/lib' : tmpdir(), 'bulkhead-test-'));
  chmodSync(folder, 0o711);
  mkdirSync(join(folder, 'keys'), { mode: 0o700 });
  const host = localHost();
  const never = new AbortController().signal;
  const stateDir = join(folder, 'state');
  const argv = (...words: readonly string[]): [string, ...string[]] => {
    const [command = '', ...rest] = words;
    // Of a command with a subcommand both are the first word, e.g. `policy diff`.
    return [LAUNCHER, ...command.split(' '), '-f', join(folder, 'bulkhead.yaml'), '--state-dir', stateDir, ...rest];
  };
  const run = (...words: readonly string[]): Promise<CommandResult> =>
    host.run({ title: words.join(' '), argv: argv(...words), timeoutMs: 600_000, passEnvironment: PASSED }, never);
  return {
    launcher: LAUNCHER,
    folder,
    stateDir,
    write: (name, text) => {
      const path = join(folder, name);
      writeFileSync(path, text, { mode: 0o600 });
      return path;
    },
    run,
    host: (...words) => host.run({ title: words.join(' '), argv: words, timeoutMs: 60_000 }, never),
    argv,
    end: async (tenants) => {
      for (const tenant of tenants) await run('remove', tenant, '--confirm', tenant);
      if (existsSync(folder)) rmSync(folder, { recursive: true, force: true });
    },
  };
}
