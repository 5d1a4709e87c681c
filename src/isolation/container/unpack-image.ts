/** The image as a directory of root's, which rootless engines start: from a layer that lies on the same host. */
import { dirname } from 'node:path';
import type { Layout } from '../../core/blueprint.ts';
import type { Command } from '../../core/command.ts';
import { secretsParent } from '../os-user/tree.ts';
import { unpackCommands } from './image.ts';
import { imageRoot, imageRoots } from './rootless.ts';

/** Whole or not at all under its own name. */
export function unpackSteps(layout: Layout, id: string, layer: string): readonly Command[] {
  const roots = imageRoots(layout);
  // The parent of the install too: what an archive does not name itself, tar makes as the operator's umask says.
  const points = [layout.tenantsDir, secretsParent(layout), dirname(layout.install.root)];
  const [staging, root] = [`${roots}/.new`, imageRoot(layout, id)];
  return [
    { title: `create ${roots}`, argv: ['install', '-d', '-m', '0711', '--', layout.stateDir, roots] },
    deletion(staging),
    ...unpackCommands(layer, staging, points),
    // The same id, the same files: a container that runs from what is there goes on with it.
    { title: `put it in place as ${root}`, argv: ['mv', '-T', '--no-clobber', '--', staging, root] },
    deletion(staging),
  ];
}

/** `kept`: images by their ids. The one before is among them: containers run from it until apply starts them anew. */
export function forgetOtherRoots(layout: Layout, kept: readonly string[]): Command {
  const spared = kept.flatMap((id) => ['-not', '-path', imageRoot(layout, id)]);
  const remove = ['-exec', 'rm', '-rf', '--one-file-system', '--', '{}', '+'];
  return {
    title: 'delete older ones',
    argv: ['find', imageRoots(layout), '-mindepth', '1', '-maxdepth', '1', ...spared, ...remove],
    timeoutMs: 600_000,
  };
}

export function deletion(path: string): Command {
  return { title: `delete ${path}`, argv: ['rm', '-rf', '--one-file-system', '--', path], timeoutMs: 300_000 };
}
