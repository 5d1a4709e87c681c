/** A world with one container engine in it, as a host of the rung `container`. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Host } from '../../src/core/host.ts';
import type { Engine } from '../../src/core/words.ts';
import { localHost } from '../../src/hosts/local.ts';
import { podmanIn } from './container-image.ts';
import { startEngine } from './docker.ts';
import { scanWorld, type ScanWorld } from './scan-world.ts';

export interface EngineHost {
  readonly host: Host;
  readonly world: ScanWorld;
  /** An image with nothing in it, pinned in a state directory: enough to plan by. */
  pinEmptyImage(stateDir: string): Promise<void>;
  /** The pinned one as a directory, for engines that are not root's. */
  unpackEmptyImage(stateDir: string): void;
  end(): Promise<void>;
}

export async function engineHost(engine: Engine): Promise<EngineHost> {
  const world = scanWorld();
  await world.open();
  const local = localHost();
  const host: Host = { ...local, run: (command, signal) => local.run({ ...command, argv: world.enter(command.argv) }, signal) };
  const docker = engine === 'docker' ? await startEngine(world) : undefined;
  if (docker === undefined) {
    assert.equal((await world.run(['mount', '-t', 'tmpfs', '-o', 'mode=0755', 'tmpfs', '/run'])).exit, 0);
    await podmanIn(world);
  }
  return {
    host,
    world,
    pinEmptyImage: async (stateDir) => {
      const empty = join(world.root, 'empty.tar');
      writeFileSync(empty, Buffer.alloc(10_240));
      const { stdout, stderr } = await world.run([engine, 'import', empty, 'localhost/empty:test']);
      const id = /([0-9a-f]{64})\s*$/.exec(stdout)?.[1] ?? assert.fail(stderr);
      mkdirSync(stateDir, { recursive: true, mode: 0o711 });
      writeFileSync(join(stateDir, 'container-image'), `sha256:${id}\n`);
    },
    unpackEmptyImage: (stateDir) => {
      const id = readFileSync(join(stateDir, 'container-image'), 'utf8').trim().replace('sha256:', '');
      mkdirSync(join(stateDir, 'container-roots', id), { recursive: true, mode: 0o755 });
    },
    end: async () => {
      await world.end();
      await docker?.clean();
      rmSync(world.root, { recursive: true, force: true });
    },
  };
}
