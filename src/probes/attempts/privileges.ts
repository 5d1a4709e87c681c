/** Attempts to become root. What would run then is `true`, or a question. */
import type { Action, Answer } from '../actions.ts';
import { runProgram, type Ended } from './program.ts';

/** By system call: a child takes the user id, and ends at once. */
export async function become({ who }: Extract<Action, { kind: 'become' }>): Promise<Answer> {
  const uid = who === 'root' ? 0 : (process.getuid?.() ?? -1);
  const { code } = await runProgram('true', [], { uid });
  return code === 0 ? { ok: true, got: `a program of its own runs with user id ${uid}` } : { ok: false, code: `ERROR true: ${code}` };
}

const REFUSALS =
  /password is required|may not run sudo|not allowed|no new privileges|must be owned by uid 0|effective uid is not 0|not permitted|not installed setuid|authentication (?:is )?required|authorization required/i;

/**
 * By a program that runs others as root. `sudo -n -l` tells what it would run; what that leaves open, and doas, which has no such question, is asked
 * for `true`. Neither waits for a password.
 */
export async function elevate({ program }: Extract<Action, { kind: 'elevate' }>): Promise<Answer> {
  const [name = '', ...words] = program;
  if (name !== 'doas') {
    const listed = await runProgram(name, [...words, '-n', '-l']);
    if (listed.code === 0 && /NOPASSWD|!authenticate/.test(listed.stdout)) return { ok: true, got: `${name} asks for no password` };
    if (listed.code !== 0) return refusal(name, listed);
  }
  const ran = await runProgram(name, [...words, '-n', 'true']);
  return ran.code === 0 ? { ok: true, got: `${name} ran a program` } : refusal(name, ran);
}

function refusal(name: string, { code, stderr }: Ended): Answer {
  if (code === 'ENOENT') return { ok: false, code };
  return { ok: false, code: REFUSALS.test(stderr) ? 'EPERM' : `ERROR ${name}: ${code} ${stderr.trim().replaceAll(',', ' ').slice(0, 160)}` };
}
