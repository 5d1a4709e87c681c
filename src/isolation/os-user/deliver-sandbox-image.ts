/** The image of sandboxes on another machine: an archive that the engine of each tenant loads when it starts, brought from here, where it was built. */
import { dirname } from 'node:path';
import type { Blueprint } from '../../core/blueprint.ts';
import type { Command } from '../../core/command.ts';
import type { Place } from '../../core/host.ts';
import { answerOf, DELIVERY_MS, isFile, pinnedAt, refuseForeignMachine } from './ask-places.ts';
import { sandboxImageArchives, sandboxImageRecord } from './engine.ts';

/**
 * [] when no tenant there has sandboxes, when it is there, and when there is none here: the service says then what is missing. Looks at both, changes
 * nothing. Throws BulkheadError `apply` for a machine of another kind.
 */
export async function deliverSandboxImage(
  blueprints: readonly Blueprint[],
  there: Place,
  here: Place,
  signal: AbortSignal,
): Promise<readonly Command[]> {
  if (blueprints.every(({ sandbox }) => sandbox === undefined)) return [];
  const id = await pinnedAt(here, sandboxImageRecord(here.layout), signal);
  if (id === undefined) return [];
  const name = archiveName(id);
  const [from, to] = [sandboxImageArchives(here.layout), sandboxImageArchives(there.layout)];
  const before = await pinnedAt(there, sandboxImageRecord(there.layout), signal);
  const isThere = await isFile(`${to}/${name}`, there, signal);
  if ((isThere && before === id) || !(await isFile(`${from}/${name}`, here, signal))) return [];
  if (!isThere) await refuseForeignMachine(there, here, signal);
  const { id: host } = there.host;
  const bring = isThere ? [] : bringArchive({ from, to, name, host }, await digestOf(`${from}/${name}`, here, signal));
  // What was pinned before stays: engines that run have it mounted, and load it once more when they start again.
  const spared = [id, before ?? id].flatMap((one) => ['-not', '-name', archiveName(one)]);
  return [
    ...bring,
    { title: `pin the image of sandboxes on ${host}`, argv: ['tee', '--', sandboxImageRecord(there.layout)], stdin: `${id}\n` },
    { title: 'delete older ones', argv: ['find', to, '-type', 'f', '-name', '*.tar', ...spared, '-delete'] },
  ];
}

function archiveName(id: string): string {
  return `${id.slice('sha256:'.length)}.tar`;
}

interface Bringing {
  /** Folders of archives, here and there. */
  readonly from: string;
  readonly to: string;
  readonly name: string;
  readonly host: string;
}

/** Under its own name it is whole. Readable, since an engine reads it as nobody's user; the folder is root's alone. */
function bringArchive({ from, to, name, host }: Bringing, digest: string): readonly Command[] {
  const staged = `${to}/.brought`;
  return [
    // Tenants pass through the one above.
    { title: `create ${dirname(to)} on ${host}`, argv: ['install', '-d', '-m', '0711', '--', dirname(to)] },
    { title: `create ${to}`, argv: ['install', '-d', '-m', '0700', '--', to] },
    {
      title: `bring the image of sandboxes to ${host}`,
      argv: ['dd', `of=${staged}`, 'bs=1M', 'conv=fsync', 'status=none'],
      stdinOf: ['cat', '--', `${from}/${name}`],
      timeoutMs: DELIVERY_MS,
    },
    {
      title: 'compare its digest',
      argv: ['sha256sum', '--check', '--strict', '--quiet'],
      stdin: `${digest}  ${staged}\n`,
      timeoutMs: 300_000,
    },
    { title: 'make it readable', argv: ['chmod', '0644', '--', staged] },
    { title: `put it in place as ${name}`, argv: ['mv', '-T', '--', staged, `${to}/${name}`] },
  ];
}

/** Hex. */
async function digestOf(path: string, place: Place, signal: AbortSignal): Promise<string> {
  const { stdout } = await answerOf({ title: 'digest the image’s archive', argv: ['sha256sum', '--', path], timeoutMs: 300_000 }, place, signal);
  return stdout.slice(0, 64);
}
