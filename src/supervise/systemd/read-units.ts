/** Runs on a host (Node on standard input, as root): the unit files of one instance, file name → text. Decides nothing. */
import { closeSync, constants, fstatSync, openSync, readdirSync, readFileSync } from 'node:fs';

export interface UnitsRequest {
  readonly directory: string;
  readonly instance: string;
  /** Only this file. */
  readonly only?: string;
}

export async function main({ directory, instance, only }: UnitsRequest): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {};
  for (const file of readdirSync(directory)) {
    const wanted =
      only === undefined ? file.startsWith(`${instance}-`) && /^[a-z0-9-]+(_[a-z]+)?\.(service|socket|timer)$/.test(file) : file === only;
    if (wanted) found[file] = readUnit(`${directory}/${file}`);
  }
  return found;
}

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
