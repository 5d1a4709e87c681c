/** Looks for planted secrets in everything that a program can leave behind: files, command lines and variables of processes, what was printed. */
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Name of a secret → its value. */
export type Planted = Readonly<Record<string, string>>;

interface Needle {
  readonly name: string;
  readonly form: string;
  readonly bytes: Buffer;
}

/** As it is, and in the forms into which somebody may have put it without meaning to hide it. A digest without a key can be tried against guesses. */
export function needlesOf(planted: Planted): readonly Needle[] {
  return Object.entries(planted).flatMap(([name, value]) => {
    const bytes = Buffer.from(value);
    const digest = createHash('sha256').update(bytes).digest();
    // In base64 a text reads differently at each of three places; the letters at its ends depend on its neighbours.
    const shifted = [0, 1, 2].map((shift) =>
      Buffer.concat([Buffer.alloc(shift), bytes])
        .toString('base64')
        .slice(shift === 0 ? 0 : 4, -4),
    );
    return [
      { name, form: 'text', bytes },
      { name, form: 'hex', bytes: Buffer.from(bytes.toString('hex')) },
      ...shifted.map((text) => ({ name, form: 'base64', bytes: Buffer.from(text) })),
      { name, form: 'sha256', bytes: Buffer.from(digest.toString('hex')) },
      { name, form: 'sha256 base64', bytes: Buffer.from(digest.toString('base64')) },
    ];
  });
}

/** `NAME (form) in WHERE`, once each. */
export function holding(bytes: Buffer, needles: readonly Needle[], where: string): readonly string[] {
  return [...new Set(needles.filter((needle) => bytes.includes(needle.bytes)).map(({ name, form }) => `${name} (${form}) in ${where}`))];
}

/** Plain files below the folders, links not followed. Also says how many bytes were looked at: of nothing, nothing is found. */
export function inFiles(folders: readonly string[], needles: readonly Needle[]): { readonly found: readonly string[]; readonly bytes: number } {
  const found: string[] = [];
  let bytes = 0;
  const visit = (path: string): void => {
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (stat === undefined) return;
    if (stat.isDirectory()) for (const name of readdirSync(path)) visit(join(path, name));
    else if (stat.isFile()) {
      const content = readFileSync(path);
      bytes += content.length;
      found.push(...holding(content, needles, path));
    }
  };
  for (const folder of folders) visit(folder);
  return { found, bytes };
}

/** Command lines and variables of all processes now; `spared`: whose variables were given to it on purpose. */
export function inProcesses(needles: readonly Needle[], spared: ReadonlySet<number>): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const { parent, commandLine, environ } = ofOneProgram(name);
      const said = `of ${read(name, 'comm').toString('utf8').trim()}`;
      const variables = holding(environ, needles, `environ ${said}`);
      const known = variables.length > 0 && (spared.has(Number(name)) || isCopy(parent, commandLine, spared));
      return [...holding(commandLine, needles, `cmdline ${said}`), ...(known ? [] : variables)];
    });
}

interface OneProgram {
  /** Pid; asked first, since who ends soon tells nothing afterwards. */
  readonly parent: string | undefined;
  readonly commandLine: Buffer;
  readonly environ: Buffer;
}

/** Between two readings a child may have become another program: its variables are then those of the one before. */
function ofOneProgram(pid: string): OneProgram {
  for (;;) {
    const parent = /\) \S (\d+) /.exec(read(pid, 'stat').toString('latin1'))?.[1];
    const commandLine = read(pid, 'cmdline');
    const environ = read(pid, 'environ');
    if (commandLine.equals(read(pid, 'cmdline'))) return { parent, commandLine, environ };
  }
}

/** What a program starts has its command line and variables too, until it has become another program. */
function isCopy(parent: string | undefined, commandLine: Buffer, spared: ReadonlySet<number>): boolean {
  return parent !== undefined && spared.has(Number(parent)) && commandLine.equals(read(parent, 'cmdline'));
}

/** Empty when it has ended. */
function read(pid: string, file: string): Buffer {
  try {
    return readFileSync(`/proc/${pid}/${file}`);
  } catch {
    return Buffer.alloc(0);
  }
}
