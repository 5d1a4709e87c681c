/** One cell of `openclaw fleet` by its name, as its engine tells of it, and its data. Engines are only asked. */
import * as v from 'valibot';
import { BulkheadError } from '../core/error.ts';
import type { Host } from '../core/host.ts';
import { ENGINES, type Engine } from '../core/words.ts';
import { parseResult, selfContainedProgram } from '../hosts/run-program.ts';
import { sibling } from '../hosts/self-contained.ts';
import { FLEET_LABELS } from '../openclaw/discovery.ts';
import { CELL_BEHIND, CELL_KEYS, CELL_STATE, CELL_WORKSPACE, cellContainer, cellOwner } from '../openclaw/fleet-cells.ts';
import { asUser } from './adopted.ts';
import type { CellData } from './cell-data.ts';

export interface FleetCell {
  readonly name: string;
  readonly engine: Engine;
  /** Of its container. */
  readonly id: string;
  readonly running: boolean;
  /** When it was started last, as its engine writes it. */
  readonly startedAt: string;
  /** Directory of the host with its state, and the one with its older keys; absent where that is not mounted. */
  readonly data: string;
  readonly keys?: string;
  /** What else is mounted into it. */
  readonly furtherMounts: readonly string[];
  /** Who owns its data. */
  readonly uid: number;
  readonly gid: number;
}

const texts = v.nullish(v.record(v.string(), v.string()), {});
const Inspected = v.strictTuple([
  v.object({
    Id: v.pipe(v.string(), v.regex(/^[0-9a-f]{12,64}$/)),
    State: v.object({ Running: v.boolean(), StartedAt: v.nullish(v.string(), '') }),
    Config: v.object({ Labels: texts }),
    Mounts: v.nullish(v.array(v.object({ Source: v.nullish(v.string(), ''), Destination: v.string() })), []),
  }),
]);

/** Podman makes its storage when it is first asked. */
const PODMAN_STORAGE = '/var/lib/containers/storage';
const LOOK_MS = 600_000;

/**
 * Undefined where no engine has it. Throws BulkheadError `host` when none has it and one could not be asked, `apply` when its container is not what
 * fleet made. A Docker that is installed and not used does not answer.
 */
export async function findCell(host: Host, name: string, signal: AbortSignal): Promise<FleetCell | undefined> {
  const found: FleetCell[] = [];
  const silent: BulkheadError[] = [];
  for (const engine of await enginesOf(host, signal)) {
    const id = await containerOf(host, engine, name, signal);
    if (id instanceof BulkheadError) silent.push(id);
    else if (id !== undefined) found.push(await cellOf(host, { engine, id, name }, signal));
  }
  if (found.length > 1) throw foreign(name, 'Docker and Podman have a container of that name', `remove the one that is not the cell`);
  if (found.length === 0 && silent[0] !== undefined) throw silent[0];
  return found[0];
}

async function enginesOf(host: Host, signal: AbortSignal): Promise<readonly Engine[]> {
  const places: Readonly<Record<Engine, readonly string[]>> = { docker: ['/usr/bin/docker', '/usr/local/bin/docker'], podman: [PODMAN_STORAGE] };
  const argv = ['stat', '--dereference', '--format=%n', '--', ...ENGINES.flatMap((engine) => places[engine])] as const;
  const { exit, stdout } = await host.run({ title: 'look for container engines', argv: [...argv], okExits: [0, 1] }, signal);
  if (exit !== 0 && exit !== 1) throw new BulkheadError('host', `${host.id}: could not look for container engines`, 'look at the host');
  const there = new Set(stdout.split('\n'));
  return ENGINES.filter((engine) => places[engine].some((place) => there.has(place)));
}

/** By the list of all: an engine that does not answer is an error, and does not look like "there is none". */
async function containerOf(host: Host, engine: Engine, name: string, signal: AbortSignal): Promise<string | BulkheadError | undefined> {
  const wanted = cellContainer(name);
  const argv = [engine, 'ps', '--all', '--no-trunc', '--format', '{{.ID}} {{.Names}}'] as const;
  const { exit, stdout, stderr } = await host.run({ title: `ask ${engine} for its containers`, argv: [...argv] }, signal);
  if (exit !== 0)
    return new BulkheadError(
      'host',
      `could not ask ${engine} for its containers: ${stderr.trim().slice(0, 200)}`,
      `see what is wrong with: ${engine} ps`,
    );
  const line = stdout.split('\n').find((one) => (one.split(' ')[1] ?? '').split(',').includes(wanted));
  return line?.split(' ')[0];
}

async function cellOf(
  host: Host,
  { engine, id, name }: { readonly engine: Engine; readonly id: string; readonly name: string },
  signal: AbortSignal,
): Promise<FleetCell> {
  const argv = [engine, 'inspect', '--type', 'container', id] as const;
  const { exit, stdout, stderr } = await host.run({ title: `ask ${engine} for ${cellContainer(name)}`, argv: [...argv] }, signal);
  const parsed = v.safeParse(Inspected, exit === 0 ? JSON.parse(stdout) : undefined);
  if (!parsed.success)
    throw new BulkheadError('host', `could not ask ${engine} for ${cellContainer(name)}: ${stderr.trim().slice(0, 200)}`, `${engine} inspect ${id}`);
  const [{ Id, State, Config, Mounts }] = parsed.output;
  const mounts = Mounts ?? [];
  const sourceOf = (target: string): string | undefined => mounts.find(({ Destination }) => Destination === target)?.Source;
  const data = sourceOf(CELL_STATE) ?? '';
  const labels = Config.Labels ?? {};
  const look = `look at it with: ${engine} inspect ${cellContainer(name)}`;
  if (labels[FLEET_LABELS.tenant] !== name) throw foreign(name, 'it does not carry the labels of openclaw fleet', look);
  if (labels[FLEET_LABELS.owner] !== cellOwner(data))
    throw foreign(name, `its state is not the directory that openclaw fleet gave it (${data})`, look);
  const owner = await host.run({ title: `ask who owns ${data}`, argv: ['stat', '-c', '%F %u %g', '--', data] }, signal);
  const [, uid, gid] = /^directory (\d+) (\d+)$/.exec(owner.stdout.trim()) ?? [];
  if (uid === undefined || gid === undefined) throw foreign(name, `${data} is not a directory`, `look at it with: ls -ld ${data}`);
  const keys = sourceOf(CELL_KEYS);
  return {
    name,
    engine,
    id: Id,
    running: State.Running,
    startedAt: State.StartedAt ?? '',
    data,
    ...(keys === undefined ? {} : { keys }),
    furtherMounts: mounts.flatMap(({ Source, Destination }) =>
      [CELL_STATE, CELL_KEYS].includes(Destination) ? [] : [`${Source ?? ''} at ${Destination}`],
    ),
    uid: Number(uid),
    gid: Number(gid),
  };
}

function foreign(name: string, why: string, hint: string): BulkheadError {
  return new BulkheadError('apply', `${cellContainer(name)} is not as openclaw fleet made it: ${why}; nothing was changed`, hint);
}

/** One of its two directories, as its own user. */
export async function lookAtCellData(
  host: Host,
  { node, scanner }: { readonly node: string; readonly scanner: number },
  { cell, root }: { readonly cell: FleetCell; readonly root: string },
  signal: AbortSignal,
): Promise<CellData> {
  const program = selfContainedProgram({
    program: sibling(import.meta.url, 'cell-data'),
    request: { root, behind: root === cell.data ? CELL_BEHIND : '^$', apart: CELL_WORKSPACE, settings: 'openclaw.json' },
    node,
    title: `look at ${root}`,
    timeoutMs: LOOK_MS,
  });
  const command = asUser({ uid: cell.uid, gid: cell.gid, groups: [], mounted: [root] }, scanner, program);
  return parseResult<CellData>(await host.run(command, signal), command.title, host.id);
}
