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

const READ = `for my $k (@ARGV) { my $t; my $i=shmget($k,0,0);
  print defined $i && shmread($i,$t,0,${BYTES}) ? 'got '.unpack('H*',$t) : 'errno '.($!+0), "\\n" }`;

/** By one program, in the order of the keys: to start one costs more than to read a hundred. */
export async function readMemories(keys: readonly number[]): Promise<readonly Answer[]> {
  if (keys.length === 0) return [];
  const { code, stdout, stderr } = await runProgram('perl', ['-e', READ, ...keys.map(String)], { input: '' });
  const lines = stdout.split('\n');
  return keys.map((_, index) => {
    const [word = '', value = ''] = lines[index]?.split(' ') ?? [];
    if (word === 'got') return { ok: true, got: Buffer.from(value, 'hex').toString('latin1') };
    return { ok: false, code: (word === 'errno' ? ERRNO[value] : undefined) ?? `ERROR perl: ${code} ${value} ${stderr.slice(0, 120)}` };
  });
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
