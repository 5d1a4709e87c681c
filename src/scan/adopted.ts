/**
 * A gateway that Bulkhead did not build, as the collectors need it: nothing is ever built, changed or entered, and what is read of it is read as
 * its own user. Root starts our own Node and drops to that user before the program's first statement, so a Node that only root can reach serves.
 */
import type { Command, Program } from '../core/command.ts';
import { BulkheadError } from '../core/error.ts';
import type { BoundaryDetails, Isolation } from '../core/host.ts';
import type { Known } from '../core/facts.ts';
import type { Rung } from '../core/words.ts';
import type { RunsAs } from './sighting.ts';

export interface Adopted {
  readonly rung: Rung;
  /** Why nothing of it can be read, or who it runs as. */
  readonly runsAs: Known<RunsAs>;
  readonly pid?: number;
  /** Who runs Bulkhead. */
  readonly scanner: number;
}

const NOTHING = { files: false, processes: false, loopback: false, tmp: false, limits: false, egress: false };

export function adopted(gateway: Adopted): Isolation<RunsAs> {
  const { rung, runsAs, pid, scanner } = gateway;
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
    asTenant: (_blueprint, _layout, observed, program) => asUser(observed, scanner, program),
    details: (observed): BoundaryDetails => ({ uid: observed.uid, gid: observed.gid, ...(pid === undefined ? {} : { pid }) }),
  };
}

function notOurs(tenant: string): never {
  throw new BulkheadError('apply', `${tenant} was not built by Bulkhead`, 'write a manifest with: bulkhead scan --write bulkhead.yaml');
}

/** Runs one of our self-contained programs as a user. It needs root, or to be that user. */
export function asUser({ uid, gid, groups }: Pick<RunsAs, 'uid' | 'gid' | 'groups'>, scanner: number, program: Program): Command {
  const { title, argv, stdin = '', env = {}, ...rest } = program;
  const variables = Object.entries({ PATH: '/usr/bin:/bin', LC_ALL: 'C', ...env }).map(([name, value]) => `${name}=${value}`);
  const drop = scanner === 0 && uid !== 0 ? `process.setgroups(${JSON.stringify([...groups])});process.setgid(${gid});process.setuid(${uid});\n` : '';
  return { title, argv: ['/usr/bin/env', '-C', '/', '-i', ...variables, ...argv], stdin: `${drop}${stdin}`, ...rest };
}
