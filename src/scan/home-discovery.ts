/**
 * Runs as the owner of a home directory (Node on standard input): state directories of OpenClaw in it, and the units and jobs of its owner that
 * start a gateway. Decides nothing; everything here was written by that user.
 */
import { constants, lstatSync } from 'node:fs';
import { readCapped } from '../observe/look.ts';
import { attempt, type Seen } from '../observe/seen.ts';
import { tellVariables } from '../observe/variables.ts';
import { isGatewayCommand, isStateName, STATE_MARKS } from '../openclaw/discovery.ts';
import { makeMasker, type Masked, type Masker, type MaskingRules } from '../openclaw/masking.ts';
import { readJob } from './plist.ts';
import { gatewayUnits, namesIn, type UnitSeen } from './read-units.ts';

export interface HomeDiscoveryRequest {
  readonly key: string;
  readonly rules: MaskingRules;
  readonly visible: readonly string[];
  readonly homes: readonly { readonly name: string; readonly home: string }[];
}

export interface JobSeen {
  readonly name: string;
  readonly path: string;
  readonly argv: readonly string[];
  readonly directory?: string;
  readonly variables: Readonly<Record<string, string | Masked>>;
}

export interface HomeDiscovered {
  readonly name: string;
  /** Names in the home directory. */
  readonly directories: Seen<readonly string[]>;
  readonly units: Seen<readonly UnitSeen[]>;
  readonly jobs: Seen<readonly JobSeen[]>;
}

const MOST_BYTES = 256 << 10;

export async function main({ key, rules, visible, homes }: HomeDiscoveryRequest): Promise<readonly HomeDiscovered[]> {
  const masker = makeMasker(key, rules);
  const names = new Set(visible);
  return homes.map(({ name, home }) => {
    const units = [`${home}/.config/systemd/user`, `${home}/.local/share/systemd/user`];
    return {
      name,
      directories: attempt(() => namesIn(home).filter((one) => isStateName(one) && isState(`${home}/${one}`))),
      units: gatewayUnits(units, { masker, visible: names, home, user: name, mayRead: () => true }),
      jobs: attempt(() => jobsIn(`${home}/Library/LaunchAgents`, names, masker)),
    };
  });
}

/** A directory that cannot be looked into counts: what lies in it is not known. */
function isState(path: string): boolean {
  try {
    return STATE_MARKS.some((mark) => lstatSync(`${path}/${mark}`, { throwIfNoEntry: false }) !== undefined);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EACCES') return true;
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return false;
    throw error;
  }
}

function jobsIn(directory: string, visible: ReadonlySet<string>, masker: Masker): readonly JobSeen[] {
  return namesIn(directory)
    .filter((name) => name.endsWith('.plist'))
    .flatMap((name) => {
      const path = `${directory}/${name}`;
      const said = readJob(readCapped(path, MOST_BYTES, constants.O_NOFOLLOW));
      if (said === undefined || !isGatewayCommand(said.argv)) return [];
      const { argv, directory: at, environment } = said;
      return [
        {
          name: said.label === '' ? name : said.label,
          path,
          argv,
          variables: tellVariables(environment, visible, masker),
          ...(at === undefined ? {} : { directory: at }),
        },
      ];
    });
}
