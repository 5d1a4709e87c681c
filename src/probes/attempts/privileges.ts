/** Attempts to become root. What would run then is `true`, or a question. */
import type { Action, Answer } from '../actions.ts';
import { runProgram } from './program.ts';

/** By system call: a child takes the user id, and ends at once. */
export async function become({ who }: Extract<Action, { kind: 'become' }>): Promise<Answer> {
  const uid = who === 'root' ? 0 : (process.getuid?.() ?? -1);
  const { code } = await runProgram('true', [], { uid });
  return code === 0 ? { ok: true, got: `a program of its own runs with user id ${uid}` } : { ok: false, code: `ERROR true: ${code}` };
}

const REFUSALS =
  /password is required|may not run sudo|not allowed|no new privileges|must be owned by uid 0|effective uid is not 0|not permitted|not installed setuid|authentication (?:is )?required|authorization required/i;

/** By a program that runs others as root. `sudo -n -l` tells what it would run; doas has no such question, and is asked for `true`. Neither waits for a password. */
export async function elevate({ program }: Extract<Action, { kind: 'elevate' }>): Promise<Answer> {
  const [name = '', ...words] = program;
  const asks = name !== 'doas';
  const { code, stdout, stderr } = await runProgram(name, [...words, ...(asks ? ['-n', '-l'] : ['-n', 'true'])]);
  if (code === 0 && (!asks || /NOPASSWD|!authenticate/.test(stdout))) return { ok: true, got: `${name} asks for no password` };
  if (code === 'ENOENT') return { ok: false, code };
  return { ok: false, code: REFUSALS.test(stderr) ? 'EPERM' : `ERROR ${name}: ${code} ${stderr.trim().replaceAll(',', ' ').slice(0, 160)}` };
}
