/** Unit files of systemd that start a gateway. Travels with the programs that look for gateways; imports nothing but what travels with it. */
import { constants, lstatSync, readdirSync } from 'node:fs';
import { readCapped } from '../observe/look.ts';
import { attempt, type Seen } from '../observe/seen.ts';
import { tellVariables } from '../observe/variables.ts';
import { isGatewayCommand, isGatewayUnitName } from '../openclaw/discovery.ts';
import type { Masked, Masker } from '../openclaw/masking.ts';
import { environmentLines, readUnit } from './unit-file.ts';

export interface UnitSeen {
  readonly name: string;
  readonly path: string;
  readonly argv: readonly string[];
  readonly user?: string;
  readonly directory?: string;
  /** Secrets masked; not known when a file that it needs cannot be read. */
  readonly variables: Seen<Readonly<Record<string, string | Masked>>>;
  readonly environmentFiles: readonly string[];
}

export interface UnitReading {
  readonly masker: Masker;
  readonly visible: ReadonlySet<string>;
  /** What `%h` and `%u` stand for, where the unit names no user. */
  readonly home: string;
  readonly user: string;
  /** Whether a file of the user's own may be read by this program: root reads nobody else's. */
  readonly mayRead: (path: string) => boolean;
}

const MOST_BYTES = 256 << 10;
const MOST_UNITS = 20_000;

/** The gateways among the units of some directories, the first of a name counts. Links are followed only where a name is enabled. */
export function gatewayUnits(directories: readonly string[], reading: UnitReading): Seen<readonly UnitSeen[]> {
  return attempt(() => {
    const found = new Map<string, UnitSeen>();
    for (const directory of directories) {
      for (const name of namesIn(directory)) {
        if (!name.endsWith('.service') || found.has(name)) continue;
        const path = `${directory}/${name}`;
        if (lstatSync(path, { throwIfNoEntry: false })?.isFile() !== true) continue;
        const unit = unitAt(path, name, directories, reading);
        if (unit !== undefined) found.set(name, unit);
      }
    }
    return [...found.values()];
  });
}

function unitAt(
  path: string,
  name: string,
  directories: readonly string[],
  { masker, visible, home, user, mayRead }: UnitReading,
): UnitSeen | undefined {
  const texts = [path, ...directories.flatMap((directory) => dropIns(`${directory}/${name}.d`))].map((file) =>
    readCapped(file, MOST_BYTES, constants.O_NOFOLLOW),
  );
  // Most units are something else: they are not parsed.
  if (!isGatewayUnitName(name) && !texts.some((text) => text.includes('openclaw'))) return undefined;
  const specifiers = { h: home, u: user, n: name, N: name.replace(/\.service$/, ''), i: /@(.*)\.service$/.exec(name)?.[1] ?? '' };
  const said = readUnit(texts, specifiers);
  // Behind a wrapper (a sandbox, a shell) neither user nor variables are those of the gateway: its process counts once it runs.
  if (!isGatewayCommand(said.argv) || !/(?:^|\/)(?:node|openclaw(?:\.m?js)?)$/.test(said.argv[0] ?? '')) return undefined;
  const variables = attempt(() => {
    const files = said.environmentFiles.flatMap(({ path: file, optional }) => {
      if (!mayRead(file)) throw new Error(`${file} is not read: it lies where its user may have put a link`);
      if (optional && lstatSync(file, { throwIfNoEntry: false }) === undefined) return [];
      return environmentLines(readCapped(file, MOST_BYTES, 0));
    });
    // The last one counts, and files come after `Environment=`.
    return tellVariables([...said.environment, ...files].toReversed(), visible, masker);
  });
  return {
    name,
    path,
    argv: said.argv,
    variables,
    environmentFiles: said.environmentFiles.map(({ path: file }) => file),
    ...(said.user === undefined ? {} : { user: said.user }),
    ...(said.directory === undefined ? {} : { directory: said.directory }),
  };
}

function dropIns(directory: string): readonly string[] {
  return namesIn(directory)
    .filter((name) => name.endsWith('.conf'))
    .map((name) => `${directory}/${name}`);
}

export function namesIn(directory: string): readonly string[] {
  try {
    const names = readdirSync(directory).toSorted();
    if (names.length > MOST_UNITS) throw new Error(`${directory} has more than ${MOST_UNITS} names`);
    return names;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}
