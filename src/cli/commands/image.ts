/** `bulkhead image build`: what containers run, here and on the hosts to which apply brings it; and what sandboxes do. */
import { installCommands } from '../../apply/install.ts';
import { BulkheadError, EXIT_CODES } from '../../core/error.ts';
import type { Host } from '../../core/host.ts';
import { ENGINES, type Engine } from '../../core/words.ts';
import { localHost } from '../../hosts/local.ts';
import { buildImage } from '../../isolation/container/build-image.ts';
import { CONTAINER, SANDBOX } from '../../isolation/container/image.ts';
import { chooseEngine, enginesOf } from '../../isolation/container/engine.ts';
import { printJson } from '../../report/escape.ts';
import { action } from '../action.ts';
import { progressTo } from '../progress.ts';
import { layoutFor } from '../layouts.ts';

const NO_ENGINE = 'none';

interface Flags {
  readonly stateDir?: string;
  readonly engine?: string;
  readonly sandbox: boolean;
  readonly rootless: boolean;
  readonly json: boolean;
}

export const imageBuild = action(async (context, flags: Flags) => {
  const { signal } = context;
  if (context.uid !== 0) throw new BulkheadError('usage', 'building an image needs root: its files belong to root', 'run it as root');
  const layout = layoutFor(context, flags.stateDir);
  const host = localHost();
  if (flags.sandbox && (flags.engine !== undefined || flags.rootless))
    throw new BulkheadError(
      'usage',
      'the image of sandboxes is for no engine of the host',
      'leave --engine and --rootless out: each tenant’s own engine loads it',
    );
  // What is unpacked needs no engine that is root's; with --engine it is given to that one as well.
  const engine = flags.sandbox ? undefined : await engineHere(flags.engine ?? (flags.rootless ? NO_ENGINE : undefined), host, signal);
  if ((await installCommands({ install: layout.install, channels: [] }, host, signal)).length > 0)
    throw new BulkheadError(
      'apply',
      `OpenClaw ${layout.install.version} is not installed as it should be in ${layout.install.root}`,
      'bulkhead install',
    );
  const progress = progressTo(context);
  const into = engine === undefined ? {} : { engine };
  const recipe = flags.sandbox ? SANDBOX : CONTAINER;
  const built = await buildImage({ recipe, layout, host, onStep: progress.line, rootless: flags.rootless, ...into }, signal);
  if (flags.json) context.print(`${printJson({ ok: true, exitCode: 0, ...into, rootless: flags.rootless, image: built })}\n`);
  else if (flags.sandbox) {
    const changed = built.before === undefined ? '' : ` It was ${built.before}.`;
    context.print(`Kept ${built.id} (${built.tag}).${changed} bulkhead apply gives it to the engines of tenants with sandbox: all.\n`);
  } else {
    const changed = built.before === undefined ? '' : ` It was ${built.before}: bulkhead apply starts the containers anew.`;
    const kept = flags.rootless ? 'Unpacked for rootless engines:' : 'No engine here was given';
    const where = engine === undefined ? kept : `${engine} has`;
    context.print(`${where} ${built.id} (${built.tag}).${changed} To hosts over SSH bulkhead apply brings it.\n`);
  }
  return EXIT_CODES.ok;
});

/** Undefined where the image is only to be kept: asked for, or nothing here could be given it. Throws BulkheadError `usage` or `apply`. */
async function engineHere(name: string | undefined, host: Host, signal: AbortSignal): Promise<Engine | undefined> {
  if (name === NO_ENGINE) return undefined;
  const wanted = ENGINES.find((engine) => engine === name);
  if (name !== undefined && wanted === undefined)
    throw new BulkheadError('usage', `there is no engine ${name}`, `known: ${[...ENGINES, NO_ENGINE].join(', ')}`);
  const there = await enginesOf(host, signal);
  return wanted === undefined && there.length === 0 ? undefined : chooseEngine(there, wanted, host.id);
}
