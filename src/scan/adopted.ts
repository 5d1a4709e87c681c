/**
 * A gateway that Bulkhead did not build, as the collectors need it: nothing is ever built, changed or entered, and what is read of it is read as
 * its own user. Root starts our own Node and drops to that user before the program's first statement, so a Node that only root can reach serves.
 */
import type { Command, Program } from '../core/command.ts';
import { BulkheadError } from '../core/error.ts';
import type { BoundaryDetails, Isolation } from '../core/host.ts';
import type { Known } from '../core/facts.ts';
import type { Rung } from '../core/words.ts';
import { revealing } from './reveal.ts';
import type { RunsAs } from './sighting.ts';

export interface Adopted {
  readonly rung: Rung;
  /** Why nothing of it can be read, or who it runs as. */
  readonly runsAs: Known<RunsAs>;
  readonly pid?: number;
  /** Directories of the host that are mounted into its container. */
  readonly mounted: readonly string[];
  /** Who runs Bulkhead. */
  readonly scanner: number;
}

const NOTHING = { files: false, processes: false, loopback: false, tmp: false, limits: false, egress: false };

export function adopted(gateway: Adopted): Isolation<RunsAs> {
  const { rung, runsAs, pid, mounted, scanner } = gateway;
  return {
    rung,
    separates: NOTHING,
    fingerprint: async () => ({ state: 'usable', detail: 'it was found; nothing is built' }),
    observe: async ({ tenant }) => {
      if (runsAs.known) return runsAs.value;
      throw new BulkheadError('host', runsAs.why, `run it as root, or look at ${tenant} as its own user`);
    },
    converge: () => [],
    foresee: (_blueprint, _layout, observed) => observed,
    hasTree: () => true,
    remove: () => [],
    service: ({ tenant }) => notOurs(tenant),
    enter: ({ tenant }) => notOurs(tenant),
    asTenant: (_blueprint, _layout, observed, program) => asUser({ ...observed, mounted }, scanner, program),
    details: (observed): BoundaryDetails => ({ uid: observed.uid, gid: observed.gid, ...(pid === undefined ? {} : { pid }) }),
  };
}

function notOurs(tenant: string): never {
  throw new BulkheadError('apply', `${tenant} was not built by Bulkhead`, 'write a manifest with: bulkhead scan --write bulkhead.yaml');
}

interface Reader extends Pick<RunsAs, 'uid' | 'gid' | 'groups'> {
  /** Directories that it reads in its container, wherever they lie on the host. */
  readonly mounted: readonly string[];
}

/** Runs one of our self-contained programs as a user. It needs root, or to be that user. */
export function asUser({ uid, gid, groups, mounted }: Reader, scanner: number, program: Program): Command {
  const { title, argv, stdin = '', env = {}, ...rest } = program;
  const variables = Object.entries({ PATH: '/usr/bin:/bin', LC_ALL: 'C', ...env }).map(([name, value]) => `${name}=${value}`);
  const drops = scanner === 0 && uid !== 0;
  const drop = drops ? `process.setgroups(${JSON.stringify([...groups])});process.setgid(${gid});process.setuid(${uid});\n` : '';
  const reveal = drops ? revealing(uid, mounted) : [];
  return { title, argv: ['/usr/bin/env', '-C', '/', '-i', ...variables, ...reveal, ...argv], stdin: `${drop}${stdin}`, ...rest };
}

/** Words that run a program of the host as that user, with nothing of root's environment. It needs root, or to be that user. */
export function readingAs(
  { uid, gid }: Pick<RunsAs, 'uid' | 'gid'>,
  directories: readonly string[],
  argv: readonly string[],
): readonly [string, ...string[]] {
  const drop = ['setpriv', '--reuid', String(uid), '--regid', String(gid), '--clear-groups', '--no-new-privs', '--'];
  const reveal = uid === 0 ? [] : [...revealing(uid, directories), ...drop];
  return ['/usr/bin/env', '-C', '/', '-i', 'PATH=/usr/bin:/bin', 'LC_ALL=C', ...reveal, ...argv];
}
