/** What a tenant exposes to itself while it is attacked, so that every attack has something that it must find. Travels with the holder. */
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
// oxlint-disable-next-line no-restricted-imports -- this program travels into a boundary; what it starts there is its own decoy
import { spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';

export interface Decoy {
  readonly directory: string;
  /** Path of a socket on which it answers. */
  readonly socket: string;
  readonly stateDir: string;
  readonly nonce: string;
}

/** A readable file, a sudo that asks for no password, and a process with a state directory of its own. */
export function exposeDecoy({ directory, stateDir, nonce }: Decoy): { readonly pid: number; remove(): void } {
  mkdirSync(directory, { recursive: true, mode: 0o755 });
  chmodSync(directory, 0o755);
  writeFileSync(`${directory}/canary`, nonce);
  chmodSync(`${directory}/canary`, 0o644);
  writeFileSync(`${directory}/sudo`, "echo '    (root) NOPASSWD: ALL'\n");
  // The state directory is also an argument, by which its command line is told from others.
  // A shell that waits for input that never comes: it starts in a tenth of the time that Node takes, and ends when its holder does.
  const child = spawn('/bin/sh', ['-c', 'read -r line', 'decoy', stateDir], {
    env: { OPENCLAW_STATE_DIR: stateDir },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.once('error', () => {}); // without it the negative control fails and says so
  return {
    pid: child.pid ?? 0,
    remove: () => {
      child.kill('SIGKILL');
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** A file or an abstract name. Empty where it cannot be: then its control fails and says so. */
export async function answerOn(path: string, nonce: string): Promise<readonly Server[]> {
  const server = createServer((_incoming, response) => response.end(nonce));
  return await new Promise((resolve) => {
    server.once('error', () => resolve([]));
    server.listen({ path }, () => resolve([server]));
  });
}
