/** A real Docker engine in a world of `scanWorld`, and an image in it that holds Debian and the OpenClaw under test. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { removeControlGroups } from './control-groups.ts';
import { machineRoot } from './machine-root.ts';
import { testInstall } from './requires.ts';
import type { ScanWorld } from './scan-world.ts';

export const DOCKER_PROGRAMS = ['dockerd', 'docker', 'runc', 'mmdebstrap', 'tar'];
export const IMAGE = 'local/openclaw:test';
const SOCKET = '/run/docker.sock';

export interface Docker {
  /** Throws when Docker does; its output without the last line end. */
  run(...words: readonly string[]): Promise<string>;
  /** After the world has ended, and with it every process. */
  clean(): Promise<void>;
}

/** The world must be open. */
export async function startDocker(world: ScanWorld): Promise<Docker> {
  const base = await machineRoot();
  const docker = await startEngine(world);
  await importImage(world, base);
  return docker;
}

/** Without an image. */
export async function startEngine(world: ScanWorld): Promise<Docker> {
  const name = basename(world.root);
  // The world's stand-in says that there is no container.
  rmSync(join(world.root, 'bin/docker'));
  symlinkSync('/usr/bin/docker', join(world.root, 'bin/docker'));
  await world.run(['mount', '-t', 'tmpfs', '-o', 'mode=0755', 'tmpfs', '/run']);
  const data = ['--data-root', `${world.root}/docker`, '--exec-root', '/run/docker', '--pidfile', '/run/docker.pid'];
  const said = world.start(['dockerd', ...data, '--host', `unix://${SOCKET}`, '--cgroup-parent', `/${name}`]);
  const docker: Docker = {
    run: async (...words) => {
      const { exit, stdout, stderr } = await world.run(['docker', ...words]);
      if (exit !== 0) throw new Error(`docker ${words.join(' ')}: ${stderr}`);
      return stdout.trimEnd();
    },
    clean: () => removeControlGroups(name),
  };
  for (let tries = 0; (await world.run(['docker', 'info'])).exit !== 0; tries += 1) {
    if (tries > 100) throw new Error(`dockerd does not answer: ${said()}`);
    await sleep(200);
  }
  return docker;
}

async function importImage(world: ScanWorld, base: string): Promise<void> {
  const { root, openclaw } = testInstall();
  // As OpenClaw's own image has it: fleet gives the state to that user (openclaw 2026.9.6 docs/cli/fleet.md).
  const lines = [`ENV PATH=${root}/bin:/usr/sbin:/usr/bin:/sbin:/bin`, `WORKDIR ${join(openclaw, '..')}`, 'USER 1000:1000'];
  const change = lines.flatMap((line) => ['--change', line]);
  const tar = spawn('tar', ['--exclude=./dev/*', '-c', '-C', base, '.', '-C', '/', root.slice(1)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [program, ...words] = world.enter(['docker', 'import', ...change, '-', IMAGE]);
  const docker = spawn(program, words, { stdio: [tar.stdout, 'ignore', 'inherit'] });
  const [[packed], [taken]] = (await Promise.all([once(tar, 'exit'), once(docker, 'exit')])) as [[number | null], [number | null]];
  if (packed !== 0 || taken !== 0) throw new Error(`the image was not imported: tar ${packed}, docker ${taken}`);
}
