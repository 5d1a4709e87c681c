/** Builds an image, keeps its archive and hands it to an engine. Changes nothing else but the note that pins it. */
import { dirname } from 'node:path';
import type { Install, Layout } from '../../core/blueprint.ts';
import { succeeded, type Command } from '../../core/command.ts';
import { BulkheadError } from '../../core/error.ts';
import type { Host } from '../../core/host.ts';
import type { Engine } from '../../core/words.ts';
import { reasonOf } from '../../hosts/run-program.ts';
import * as image from './image.ts';
import { deletion, forgetOtherRoots, unpackSteps } from './unpack-image.ts';

export interface BuildImage {
  readonly recipe: image.Recipe;
  readonly layout: Layout;
  /** Absent: it is only kept. */
  readonly engine?: Engine;
  /** Unpacks it for engines that run as tenants' users. */
  readonly rootless?: boolean;
  readonly host: Host;
  onStep(title: string): void;
}

export interface BuiltImage {
  /** `sha256:…` */
  readonly id: string;
  readonly tag: string;
  /** What the pin said before, where it said something else. */
  readonly before?: string;
}

/** Throws BulkheadError `apply` with what the failing program said. */
export async function buildImage({ recipe, layout, engine, rootless = false, host, onStep }: BuildImage, signal: AbortSignal): Promise<BuiltImage> {
  const run = async (command: Command): Promise<string> => {
    onStep(command.title);
    const result = await host.run(command, signal);
    if (succeeded(command, result)) return result.stdout;
    const said = result.timedOut ? 'it took too long' : (reasonOf(result.stderr) ?? result.stderr.trim().slice(-600));
    throw new BulkheadError('apply', `${host.id}: could not ${command.title}: ${said}`, 'mend the cause and run: bulkhead image build');
  };
  const archives = image.archivesOf(await run(image.ASK_TARGETS), await run(image.ASK_SETTINGS));
  if (archives === undefined)
    throw new BulkheadError(
      'apply',
      `${host.id}: apt knows no archive of Debian or Ubuntu`,
      'run apt-get update; the image is built from its packages',
    );
  const folder = `${layout.stateDir}/image-build`;
  const clear = deletion(folder);
  await run(clear);
  try {
    await run({ title: `create ${folder}`, argv: ['install', '-d', '-m', '0700', '--', folder] });
    await run(image.debianCommand(recipe, archives, `${folder}/root`));
    const id = await pack(recipe, layout.install, folder, run);
    if (rootless) for (const command of unpackSteps(layout, id, `${folder}/${image.LAYER}`)) await run(command);
    const archiveOf = (one: string): string => `${recipe.archives(layout)}/${one.slice('sha256:'.length)}.tar`;
    const archive = archiveOf(id);
    await keep(archive, `${folder}/image.tar`, run);
    if (engine !== undefined) await load(engine, id, archive, run);
    const pinned = await pin(recipe.record(layout), id, run);
    const kept = recipe.keepsBefore && pinned.before !== undefined ? [archive, archiveOf(pinned.before)] : [archive];
    await forgetOthers(recipe.archives(layout), kept, run);
    if (rootless) await run(forgetOtherRoots(layout, [id, pinned.before ?? id]));
    return { id, tag: recipe.tag(layout.install), ...pinned };
  } finally {
    await host.run(clear, AbortSignal.timeout(300_000));
  }
}

type Run = (command: Command) => Promise<string>;

async function pack(recipe: image.Recipe, install: Install, folder: string, run: Run): Promise<string> {
  for (const command of recipe.added(install, `${folder}/root`)) await run(command);
  await run(image.layerCommand(recipe.contents(install), `${folder}/root`, `${folder}/${image.LAYER}`));
  const config = image.imageConfig(recipe, install, await architectureOf(run), await digestOf(`${folder}/${image.LAYER}`, run));
  await run({ title: 'write the image’s config', argv: ['tee', `${folder}/config.json`], stdin: config });
  const id = await digestOf(`${folder}/config.json`, run);
  const manifest = image.imageManifest(recipe.tag(install), `${id}.json`, image.LAYER);
  await run({ title: 'name the config by its digest', argv: ['mv', '--', `${folder}/config.json`, `${folder}/${id}.json`] });
  await run({ title: 'write the archive’s manifest', argv: ['tee', `${folder}/manifest.json`], stdin: manifest });
  await run(image.archiveCommand(folder, `${folder}/image.tar`, ['manifest.json', `${id}.json`, image.LAYER]));
  return `sha256:${id}`;
}

/** Names of the kernel → of image configs (GOARCH). */
const ARCHITECTURES: Readonly<Record<string, string>> = { x86_64: 'amd64', aarch64: 'arm64' };

async function architectureOf(run: Run): Promise<string> {
  const machine = (await run({ title: 'ask for the machine', argv: ['uname', '-m'] })).trim();
  const architecture = ARCHITECTURES[machine];
  if (architecture === undefined) throw new BulkheadError('apply', `no image for a machine of ${machine}`, 'use one of x86_64 or aarch64');
  return architecture;
}

async function digestOf(path: string, run: Run): Promise<string> {
  const said = await run({ title: `digest ${path.slice(path.lastIndexOf('/') + 1)}`, argv: ['sha256sum', '--', path], timeoutMs: 300_000 });
  const digest = /^([0-9a-f]{64}) /.exec(said)?.[1];
  if (digest === undefined) throw new BulkheadError('apply', `sha256sum gave no digest of ${path}`, 'look at sha256sum on this host');
  return digest;
}

async function keep(archive: string, built: string, run: Run): Promise<void> {
  const folder = dirname(archive);
  await run({ title: `create ${folder}`, argv: ['install', '-d', '-m', '0700', '--', folder] });
  // The engine of a tenant's sandboxes reads it, as nobody's user.
  await run({ title: 'make it readable', argv: ['chmod', '0644', '--', built] });
  await run({ title: 'keep it', argv: ['mv', '-T', '--', built, archive] });
}

async function forgetOthers(folder: string, kept: readonly string[], run: Run): Promise<void> {
  const spared = kept.flatMap((archive) => ['-not', '-path', archive]);
  await run({ title: 'delete what was kept before', argv: ['find', folder, '-type', 'f', '-name', '*.tar', ...spared, '-delete'] });
}

/** The engine computes the id itself from what it was given. */
async function load(engine: Engine, id: string, archive: string, run: Run): Promise<void> {
  await run({ title: `load it into ${engine}`, argv: [engine, 'load', '--input', archive], timeoutMs: 900_000 });
  const said = (await run({ title: `ask ${engine} for ${id.slice(0, 19)}`, argv: [engine, 'image', 'inspect', '--format', '{{.Id}}', id] })).trim();
  if (said.replace(/^sha256:/, '') === id.replace(/^sha256:/, '')) return;
  throw new BulkheadError('apply', `${engine} has ${said} in the place of ${id}`, `look at it with: ${engine} image ls --digests`);
}

async function pin(record: string, id: string, run: Run): Promise<{ readonly before?: string }> {
  const before = (await run({ title: 'read the pinned image', argv: ['cat', '--', record], okExits: [0, 1] })).trim();
  if (before === id) return {};
  await run({ title: `pin the image in ${record}`, argv: ['tee', '--', record], stdin: `${id}\n` });
  return before === '' ? {} : { before };
}
