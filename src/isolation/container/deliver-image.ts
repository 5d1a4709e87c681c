/** The image of containers on another machine: whether it has the one that is pinned here, for each engine, and the commands that bring it from here. */
import type { Blueprint, Layout } from '../../core/blueprint.ts';
import type { Command } from '../../core/command.ts';
import { BulkheadError } from '../../core/error.ts';
import type { Place } from '../../core/host.ts';
import type { Engine } from '../../core/words.ts';
import { answerOf, DELIVERY_MS, isFile, pinnedAt, refuseForeignMachine } from '../os-user/ask-places.ts';
import { chooseEngine, enginesOf } from './engine.ts';
import { imageArchive, imageRecord, LAYER } from './image.ts';
import { imageRoot, imageRoots } from './rootless.ts';
import { deletion, forgetOtherRoots, unpackSteps } from './unpack-image.ts';

export interface Bringing {
  /** `sha256:…` */
  readonly id: string;
  /** On the operator's own machine. */
  readonly archive: string;
  /** Of the host, that do not have it. */
  readonly engines: readonly Engine[];
  /** How it is to be unpacked there for rootless engines; absent where it is, or none is wanted. */
  readonly unpack?: Unpacking;
  /** Where the host pins it. */
  readonly stateDir: string;
  readonly record: string;
  readonly host: string;
}

export interface Unpacking {
  readonly layout: Layout;
  /** SHA-256 (hex) of the layer, from the config that the image's id is the digest of. */
  readonly layer: string;
  /** What the host has pinned until now. */
  readonly before?: string;
}

/**
 * [] when the host has what is pinned here, or when nothing here could be brought: then what the host has pinned itself is started, or the tenant's
 * service says what is missing. Throws BulkheadError `apply` for a machine of another kind.
 */
export async function deliverImage(blueprints: readonly Blueprint[], there: Place, here: Place, signal: AbortSignal): Promise<readonly Command[]> {
  const id = await pinnedAt(here, imageRecord(here.layout), signal);
  if (id === undefined) return [];
  const archive = imageArchive(here.layout, id);
  const installed = await enginesOf(there.host, signal);
  const rootful = blueprints.filter(({ rootless }) => rootless !== true);
  const engines = [...new Set(rootful.map(({ engine, tenant, host }) => chooseEngine(installed, engine, `${tenant} on ${host}`)))];
  const lacking: Engine[] = [];
  for (const engine of engines) if (!(await isThere(engine, id, there, signal))) lacking.push(engine);
  const unpacks = rootful.length < blueprints.length && !(await isUnpacked(id, there, signal));
  const before = await pinnedAt(there, imageRecord(there.layout), signal);
  if (lacking.length === 0 && !unpacks && before === id) return [];
  if (!(await isFile(archive, here, signal))) return [];
  refuseOtherPlace(there, here);
  if (lacking.length > 0 || unpacks) await refuseForeignMachine(there, here, signal);
  const layer = unpacks ? await layerOf(archive, id, here, signal) : undefined;
  const unpack = layer === undefined ? {} : { unpack: { layout: there.layout, layer, ...(before === undefined ? {} : { before }) } };
  const { stateDir } = there.layout;
  return bringImage({ id, archive, engines: lacking, stateDir, record: imageRecord(there.layout), host: there.host.id, ...unpack });
}

/** Pure. An engine computes the digests of what it is given itself; the pin comes last, so that a half-brought image is never started. */
export function bringImage({ id, archive, engines, stateDir, record, host, unpack }: Bringing): readonly Command[] {
  return [
    ...engines.flatMap((engine): readonly Command[] => [
      {
        title: `bring the image of containers to ${engine} on ${host}`,
        argv: [engine, 'load', '--quiet'],
        stdinOf: ['cat', '--', archive],
        timeoutMs: DELIVERY_MS,
      },
      {
        title: `compare its digest in ${engine} on ${host}`,
        argv: [engine, 'image', 'inspect', '--format', '{{.Id}}', id],
      },
    ]),
    ...(unpack === undefined ? [] : bringRoot({ id, archive, host }, unpack)),
    // Tenants pass through it.
    { title: `make ${stateDir} on ${host}`, argv: ['install', '-d', '-m', '0711', '--', stateDir] },
    { title: `pin the image on ${host}`, argv: ['tee', '--', record], stdin: `${id}\n` },
  ];
}

/** No engine compares what it is given here, so that it is done by digest. */
function bringRoot({ id, archive, host }: Pick<Bringing, 'id' | 'archive' | 'host'>, { layout, layer, before }: Unpacking): readonly Command[] {
  const roots = imageRoots(layout);
  const folder = `${roots}/.brought`;
  const config = `${digestIn(id)}.json`;
  return [
    { title: `create ${roots} on ${host}`, argv: ['install', '-d', '-m', '0711', '--', layout.stateDir, roots] },
    deletion(folder),
    { title: `create ${folder}`, argv: ['install', '-d', '-m', '0700', '--', folder] },
    {
      title: `bring the image of containers to ${host}, for rootless engines`,
      argv: ['tar', '--extract', '--file=-', '-C', folder, '--', config, LAYER],
      stdinOf: ['cat', '--', archive],
      timeoutMs: DELIVERY_MS,
    },
    {
      title: 'compare its digests',
      argv: ['sha256sum', '--check', '--strict', '--quiet'],
      stdin: `${digestIn(id)}  ${folder}/${config}\n${layer}  ${folder}/${LAYER}\n`,
      timeoutMs: 300_000,
    },
    ...unpackSteps(layout, id, `${folder}/${LAYER}`),
    forgetOtherRoots(layout, [id, before ?? id]),
  ];
}

function digestIn(id: string): string {
  return id.slice('sha256:'.length);
}

/** Under its own name it is whole. */
async function isUnpacked(id: string, place: Place, signal: AbortSignal): Promise<boolean> {
  const look: Command = { title: 'look for the unpacked image', argv: ['test', '-d', imageRoot(place.layout, id)], okExits: [0, 1] };
  return (await answerOf(look, place, signal)).exit === 0;
}

async function layerOf(archive: string, id: string, here: Place, signal: AbortSignal): Promise<string> {
  const read: Command = {
    title: 'read the config of the image',
    argv: ['tar', '--extract', '--to-stdout', `--file=${archive}`, '--', `${digestIn(id)}.json`],
    timeoutMs: 300_000,
  };
  const { stdout } = await answerOf(read, here, signal);
  const layer = /"diff_ids":\["sha256:([0-9a-f]{64})"\]/.exec(stdout)?.[1];
  if (layer !== undefined) return layer;
  throw new BulkheadError('apply', `${archive} holds no image of one layer`, 'bulkhead image build');
}

/** Told by its list: an engine that does not answer fails here, and does not look like one without the image. */
async function isThere(engine: Engine, id: string, place: Place, signal: AbortSignal): Promise<boolean> {
  const list: Command = { title: `ask ${engine} for its images`, argv: [engine, 'image', 'ls', '--all', '--no-trunc', '--format', '{{.ID}}'] };
  const { stdout } = await answerOf(list, place, signal);
  return stdout.split('\n').some((line) => line.replace(/^sha256:/, '') === id.replace(/^sha256:/, ''));
}

/** The image has the install where it lies here. */
function refuseOtherPlace(there: Place, here: Place): void {
  const [its, own] = [there.layout.install.root, here.layout.install.root];
  if (its === own) return;
  throw new BulkheadError(
    'apply',
    `an image that is built here has OpenClaw in ${own}, where containers on ${there.host.id} have it in ${its}`,
    'take away BULKHEAD_RUNTIMES, then: bulkhead install; bulkhead image build',
  );
}
