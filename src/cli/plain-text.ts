/** Lets somebody edit a secret text in the own editor, in a private folder that lies in memory where it can, and goes whatever happens. */
import { chmodSync, constants, closeSync, fstatSync, mkdtempSync, openSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BulkheadError } from '../core/error.ts';
import { runAttached } from '../hosts/child.ts';
import type { CliContext } from './context.ts';

/** statfs(2): TMPFS_MAGIC, RAMFS_MAGIC. */
const IN_MEMORY = new Set([0x01021994, 0x858458f6]);
const MOST_BYTES = 4 << 20;

/** What the text was when the editor ended. Throws BulkheadError `usage` when it ended with a failure, and the signal's reason on Ctrl-C. */
export async function editPlainText(context: CliContext, plain: string): Promise<string> {
  const folder = makeFolder(context);
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  // A second Ctrl-C ends the process at once: nothing but this still runs then.
  process.once('exit', remove);
  try {
    const path = join(folder, 'secrets.yaml');
    writeFileSync(path, plain, { mode: 0o600, flag: 'wx' });
    const editor = editorOf(context);
    const { exit, signal } = await runAttached([...editor, path], context.env, context.signal);
    context.signal.throwIfAborted();
    if (exit !== 0)
      throw new BulkheadError('usage', `${editor[0]} ended with ${exit ?? signal ?? 'no status'}; nothing was changed`, 'edit again, or set EDITOR');
    return readBack(path);
  } finally {
    remove();
    process.off('exit', remove);
  }
}

function makeFolder(context: CliContext): string {
  for (const place of [context.env['XDG_RUNTIME_DIR'], '/dev/shm'])
    try {
      if (place !== undefined && place.startsWith('/') && IN_MEMORY.has(statfsSync(place).type)) return newFolder(place);
    } catch {
      continue; // absent, or not ours to write in: the next one
    }
  context.note(`! no file system in memory here: while the editor runs the plain text lies on the disk, below ${tmpdir()}\n`);
  return newFolder(tmpdir());
}

function newFolder(place: string): string {
  const folder = mkdtempSync(join(place, 'bulkhead-edit-'));
  chmodSync(folder, 0o700);
  return folder;
}

/** Words, no shell: `code --wait` is two. */
function editorOf({ env }: Pick<CliContext, 'env'>): [string, ...string[]] {
  const [program, ...args] = (env['VISUAL'] || env['EDITOR'] || 'vi').split(' ').filter((word) => word !== '');
  return [program ?? 'vi', ...args];
}

/** Editors put a new file in place; it is looked at like any other. */
function readBack(path: string): string {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const { size } = fstatSync(descriptor);
    if (size > MOST_BYTES) throw new BulkheadError('usage', `the text has more than ${MOST_BYTES} bytes; nothing was changed`, 'edit again');
    return readFileSync(descriptor, 'utf8');
  } finally {
    closeSync(descriptor);
  }
}
