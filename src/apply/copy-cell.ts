/** The commands that bring a cell's data into a tenant's tree: read as the cell's user, written as the tenant, compared by digest. Pure. */
import type { Blueprint, Layout } from '../core/blueprint.ts';
import type { Command, Program } from '../core/command.ts';
import type { Isolation } from '../core/host.ts';
import { selfContainedProgram } from '../hosts/run-program.ts';
import { sibling } from '../hosts/self-contained.ts';
import { CELL_STATE, CELL_WORKSPACE, HOME_KEYS } from '../openclaw/fleet-cells.ts';
import type { KeepSchedules } from '../openclaw/keep-schedules.ts';
import { readingAs } from '../scan/adopted.ts';
import type { CellData } from '../scan/cell-data.ts';
import type { FleetCell } from '../scan/fleet-cell.ts';

export interface CopyInput {
  readonly blueprint: Blueprint;
  readonly layout: Layout;
  readonly isolation: Isolation;
  /** Of the tenant, or foreseen. */
  readonly observed: unknown;
  readonly cell: FleetCell;
  readonly data: CellData;
  /** Absent where the cell has no directory for keys. */
  readonly keys?: CellData;
}

/** Gigabytes, from one file system to another. */
const COPY_MS = 3_600_000;
const STOP_SECONDS = 60;

/** As `openclaw fleet stop` does it, with time to close its databases. Its engine does not start it again, also after a reboot. */
export function stopCell({ engine, id, name, running }: FleetCell): readonly Command[] {
  if (!running) return [];
  return [{ title: `stop the cell ${name}`, argv: [engine, 'stop', '--time', String(STOP_SECONDS), id], timeoutMs: (STOP_SECONDS + 60) * 1000 }];
}

/** What an earlier, unfinished copy left is taken away first, so that nothing old lies beside what is new. */
export function copyCell(input: CopyInput): readonly Command[] {
  const { blueprint, layout, isolation, observed, cell, data, keys } = input;
  const { root, state, workspace, home, logFile } = blueprint.paths;
  const homeKeys = `${home}/${HOME_KEYS}`;
  const asTenant = (title: string, ...argv: [string, ...string[]]): Command => ({
    ...isolation.asTenant(blueprint, layout, observed, { title, argv } satisfies Program),
    timeoutMs: COPY_MS,
  });
  const makeDirectories = [state, workspace, homeKeys, logFile.slice(0, logFile.lastIndexOf('/'))];
  return [
    asTenant(`clear the place for it in ${root}`, 'rm', '-rf', '--one-file-system', '--', state, workspace, homeKeys),
    asTenant('make the directories for it', 'mkdir', '-p', '-m', '0700', '--', state, homeKeys),
    ...copyTree({ asTenant, cell, from: cell.data, to: state, what: `the state of the cell ${cell.name} (its ${CELL_STATE})`, data }),
    ...(keys === undefined || cell.keys === undefined
      ? []
      : copyTree({ asTenant, cell, from: cell.keys, to: homeKeys, what: `the older keys of the cell ${cell.name}`, data: keys })),
    ...(data.hasApart ? [asTenant(`put its workspace into ${workspace}`, 'mv', '-T', '--', `${state}/${CELL_WORKSPACE}`, workspace)] : []),
    keepSchedules(input),
    asTenant('make what it lacks', 'mkdir', '-p', '-m', '0700', '--', ...makeDirectories),
  ];
}

/** Its gateway called the state directory by another name. */
function keepSchedules({ blueprint, layout, isolation, observed }: CopyInput): Command {
  const program = selfContainedProgram({
    program: sibling(import.meta.url, '../openclaw/keep-schedules'),
    request: { file: `${blueprint.paths.state}/state/openclaw.sqlite`, from: CELL_STATE } satisfies KeepSchedules,
    node: blueprint.install.node,
    title: 'keep its scheduled jobs',
  });
  return isolation.asTenant(blueprint, layout, observed, program);
}

interface Tree {
  readonly asTenant: (title: string, ...argv: [string, ...string[]]) => Command;
  readonly cell: FleetCell;
  readonly from: string;
  readonly to: string;
  readonly what: string;
  readonly data: CellData;
}

/** Links as links, further names of a file as files of their own, permissions for the owner alone. sha256sum(1) fails where there is nothing to compare. */
function copyTree({ asTenant, cell, from, to, what, data }: Tree): readonly Command[] {
  const left = [...data.behind, ...data.leftOut.map(({ path }) => path)].map((path) => `./${path}`);
  const exclude = ['--anchored', '--no-wildcards', ...left.map((path) => `--exclude=${path}`)];
  const tar = ['--one-file-system', '--hard-dereference', '--mode=u+rwX,go-rwx,a-st', ...exclude, '-cf', '-', '.'];
  const prune =
    left.length === 0 ? [] : ['(', ...left.flatMap((path, at) => [...(at === 0 ? [] : ['-o']), '-path', literal(path)]), ')', '-prune', '-o'];
  const copy: Command = {
    ...asTenant(`copy ${what}`, 'tar', '-C', to, '--no-same-owner', '-xpf', '-'),
    stdinOf: readingAs(cell, [from], ['tar', '-C', from, ...tar]),
  };
  const compare: Command = {
    ...asTenant('compare every file of it by its digest', 'env', '-C', to, 'sha256sum', '--check', '--quiet', '--strict', '-'),
    stdinOf: readingAs(cell, [from], ['env', '-C', from, 'find', '.', '-xdev', ...prune, '-type', 'f', '-exec', 'sha256sum', '{}', '+']),
  };
  return data.files === 0 ? [copy] : [copy, compare];
}

/** For a pattern of find(1). */
function literal(path: string): string {
  return path.replace(/[\\*?[\]]/g, String.raw`\$&`);
}
