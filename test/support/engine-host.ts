/** A world with one container engine in it, as a host of the rung `container`. */
import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Host } from '../../src/core/host.ts';
import type { Engine } from '../../src/core/words.ts';
import { localHost } from '../../src/hosts/local.ts';
import { podmanIn } from './container-image.ts';
import { startEngine } from './docker.ts';
import { scanWorld, type ScanWorld } from './scan-world.ts';

const MADE_UP = 'a'.repeat(64);

export interface EngineHost {
  readonly host: Host;
  readonly world: ScanWorld;
  /** An image with nothing in it, pinned in a state directory: enough to plan by. */
  pinEmptyImage(stateDir: string): Promise<void>;
  end(): Promise<void>;
}

/** `rootless`: with none that is root's, and a directory in the place of its image. */
export async function engineHost(engine: Engine, rootless: boolean): Promise<EngineHost> {
  const world = scanWorld();
  await world.open();
  const local = localHost();
  const host: Host = { ...local, run: (command, signal) => local.run({ ...command, argv: world.enter(command.argv) }, signal) };
  const docker = engine === 'docker' && !rootless ? await startEngine(world) : undefined;
  if (docker === undefined) assert.equal((await world.run(['mount', '-t', 'tmpfs', '-o', 'mode=0755', 'tmpfs', '/run'])).exit, 0);
  if (engine === 'podman' && !rootless) await podmanIn(world);
  return {
    host,
    world,
    pinEmptyImage: async (stateDir) => {
      mkdirSync(stateDir, { recursive: true, mode: 0o711 });
      const pin = (id: string): void => writeFileSync(join(stateDir, 'container-image'), `sha256:${id}\n`);
      if (rootless) {
        mkdirSync(join(stateDir, 'container-roots', MADE_UP), { recursive: true, mode: 0o755 });
        return pin(MADE_UP);
      }
      const empty = join(world.root, 'empty.tar');
      writeFileSync(empty, Buffer.alloc(10_240));
      const { stdout, stderr } = await world.run([engine, 'import', empty, 'localhost/empty:test']);
      pin(/([0-9a-f]{64})\s*$/.exec(stdout)?.[1] ?? assert.fail(stderr));
    },
    end: async () => {
      await world.end();
      await docker?.clean();
      rmSync(world.root, { recursive: true, force: true });
    },
  };
}
