/** What a command's standard input is made of: a text, or what a program here prints. */
import { spawn } from 'node:child_process';
import type { Command } from '../core/command.ts';
import { BulkheadError } from '../core/error.ts';
import { BASE_ENVIRONMENT } from './environment.ts';

const SLICE = 64 * 1024;

/** In slices, as they are asked for. Throws BulkheadError `host` when the program here fails; leaving early ends it. */
export async function* inputOf(command: Command): AsyncGenerator<Buffer> {
  if (command.stdinOf === undefined) {
    const bytes = Buffer.from(command.stdin ?? '', 'utf8');
    for (let at = 0; at < bytes.length; at += SLICE) yield bytes.subarray(at, at + SLICE);
    return;
  }
  const [program, ...args] = command.stdinOf;
  const child = spawn(program, args, { cwd: '/', env: { ...BASE_ENVIRONMENT }, shell: false, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<{ readonly exit: number | null; readonly error?: Error }>((resolve) => {
    child.once('error', (error) => resolve({ exit: null, error }));
    child.once('close', (exit) => resolve({ exit }));
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-1000);
  });
  try {
    for await (const chunk of child.stdout) yield Buffer.from(chunk as Uint8Array); // without an encoding set, a stream gives bytes
    const { exit, error } = await ended;
    if (exit !== 0) throw inputFailed(command, command.stdinOf, error?.message ?? (said.trim() || `it ended with ${exit}`));
  } finally {
    child.kill('SIGKILL');
  }
}

function inputFailed(command: Command, argv: readonly string[], why: string): BulkheadError {
  return new BulkheadError('host', `could not ${command.title}: ${argv[0]} on this machine failed: ${why}`, `run it by hand: ${argv.join(' ')}`);
}
