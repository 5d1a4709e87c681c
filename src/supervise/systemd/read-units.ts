/** Prints the unit files of one instance as JSON, file name → text. Decides nothing. `read-units DIRECTORY INSTANCE [FILE]`: with a name only that one. */
import { closeSync, constants, fstatSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [directory = '', instance = '', only] = process.argv.slice(2);
const found: Record<string, string> = {};
for (const file of readdirSync(directory)) {
  const wanted = only === undefined ? file.startsWith(`${instance}-`) && /^[a-z0-9-]+(_[a-z]+)?\.(service|socket|timer)$/.test(file) : file === only;
  if (!wanted) continue;
  found[file] = readUnit(join(directory, file));
}
process.stdout.write(JSON.stringify(found));

/** A link or a special file reads as empty text: it carries our name and not our mark. */
function readUnit(path: string): string {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ELOOP') return '';
    throw cause;
  }
  try {
    const stat = fstatSync(fd);
    return stat.isFile() && stat.size < 1024 * 1024 ? readFileSync(fd, 'utf8') : '';
  } finally {
    closeSync(fd);
  }
}
