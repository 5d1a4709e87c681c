/** Another program, for what Node cannot do by itself. */
import { execFile } from 'node:child_process';

export interface Ended {
  /** Exit status, or why it did not run or was ended, in one word. */
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

export interface How {
  readonly input?: string;
  readonly uid?: number;
}

/** From an environment with nothing in it but the path. An id that it may not take is thrown. */
export function runProgram(name: string, args: readonly string[], { input = '', uid }: How = {}): Promise<Ended> {
  return new Promise((resolve) => {
    const env = { PATH: process.env['PATH'] ?? '/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C' };
    const options = { encoding: 'utf8', timeout: 6000, maxBuffer: 65_536, env, ...(uid === undefined ? {} : { uid }) } as const;
    const child = execFile(name, [...args], options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : (error.code ?? error.signal ?? 'ENDED'), stdout, stderr });
    });
    child.stdin?.once('error', () => {}); // it may end without reading
    child.stdin?.end(input);
  });
}
