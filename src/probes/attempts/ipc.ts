/** Memory shared by System V's calls. Node has none of them; every Debian has Perl. */
import type { Answer } from '../actions.ts';
import { runProgram } from './program.ts';

const BYTES = 64;
/** IPC_CREAT and IPC_EXCL of shmget(2), and for its own user alone. */
const NEW = 0o3600;

/** There until it is removed. The text comes by standard input: others may see arguments. */
export function shareMemory(key: number, text: string): Promise<Answer> {
  return perl(`my $i=shmget(${key},${BYTES},${NEW}); defined $i && shmwrite($i,<STDIN>,0,${BYTES}) or refused(); print 'made'`, text);
}

export function readMemory(key: number): Promise<Answer> {
  return perl(`my $t; my $i=shmget(${key},0,0); defined $i && shmread($i,$t,0,${BYTES}) or refused(); print $t`);
}

/** The kernel refuses this to everybody but its own user. */
export async function removeMemory(key: number): Promise<void> {
  await perl(`my $i=shmget(${key},0,0); defined $i && shmctl($i,0,0) or refused()`);
}

const ERRNO: Readonly<Record<string, string>> = { '1': 'EPERM', '2': 'ENOENT', '13': 'EACCES', '17': 'EEXIST', '38': 'ENOSYS' };

async function perl(program: string, input = ''): Promise<Answer> {
  const { code, stdout, stderr } = await runProgram('perl', ['-e', `sub refused { print STDERR 'errno ',$!+0; exit 1 } ${program}`], { input });
  if (code === 0) return { ok: true, got: stdout };
  const number = /^errno (\d+)/.exec(stderr)?.[1] ?? '';
  return { ok: false, code: ERRNO[number] ?? `ERROR perl: ${code} ${stderr.slice(0, 120)}` };
}
