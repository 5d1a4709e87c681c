/** The image of the rung `container` in a world: built by `bulkhead image build`, which needs the network that the machine's apt has. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { localHost } from '../../src/hosts/local.ts';
import { unpackCommands } from '../../src/isolation/container/image.ts';
import { CACHE } from './machine-root.ts';
import { testInstall } from './requires.ts';
import type { ScanWorld } from './scan-world.ts';

const LAUNCHER = new URL('../../bulkhead', import.meta.url).pathname;
const PASSED = ['HOME', 'PATH', 'http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'];

/** Nothing of it belongs to a real systemd, which Podman takes for granted. */
const CONTAINERS_CONF = `[containers]
default_ulimits = ["nofile=20000:20000", "nproc=8192:8192"]
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
runtime = "runc"
`;

const STORAGE_CONF = `[storage]
driver = "overlay"
runroot = "/run/containers/storage"
graphroot = "/var/lib/containers/storage"
`;

/** Podman with a store of the world's own. `/run` must be the world's already. */
export async function podmanIn(world: ScanWorld): Promise<void> {
  writeFileSync(join(world.root, 'etc/containers/containers.conf'), CONTAINERS_CONF);
  // Otherwise it may choose the driver that copies each layer whole.
  writeFileSync(join(world.root, 'etc/containers/storage.conf'), STORAGE_CONF);
  const store = join(world.root, 'podman');
  for (const argv of [
    ['mkdir', '-p', store, '/var/lib/containers'],
    ['mount', '--bind', store, '/var/lib/containers'],
  ] as const) {
    const { exit, stderr } = await world.run(argv);
    assert.equal(exit, 0, stderr);
  }
}

/** In the world's files and processes, and the machine's network. */
export async function buildImageIn(
  world: ScanWorld,
  engine: 'docker' | 'podman' | 'none',
  ...flags: readonly string[]
): Promise<{ readonly id: string; readonly before?: string }> {
  const argv = [LAUNCHER, 'image', 'build', '--engine', engine, ...flags, '--state-dir', join(world.root, 'state'), '--json'];
  const [program, ...words] = world.enter(argv).filter((word, index) => index > 5 || word !== '-n');
  const command = { title: 'build the image', argv: [program ?? 'nsenter', ...words] as const, timeoutMs: 600_000, passEnvironment: PASSED };
  const { exit, stdout, stderr } = await localHost().run(command, new AbortController().signal);
  assert.equal(exit, 0, stderr + stdout);
  return (JSON.parse(stdout) as { image: { id: string; before?: string } }).image;
}

/** As `bulkhead image build` keeps it for hosts over SSH, from an earlier run where there was one: a build takes a minute. */
export async function builtImage(kind: 'container' | 'sandbox' = 'container'): Promise<BuiltImage> {
  const recipe = [
    readFileSync(new URL('../../src/isolation/container/image.ts', import.meta.url)),
    readFileSync(join(testInstall().root, 'package-lock.json')),
  ];
  const hash = createHash('sha256');
  for (const part of recipe) hash.update(part);
  const place = join(CACHE, `${kind === 'container' ? 'image' : 'sandbox'}-${hash.digest('hex').slice(0, 12)}`);
  if (!existsSync(place)) await build(kind, place);
  const [name = ''] = readdirSync(place);
  return { id: `sha256:${name.replace(/\.tar$/, '')}`, archive: join(place, name) };
}

export interface BuiltImage {
  readonly id: string;
  readonly archive: string;
}

async function build(kind: 'container' | 'sandbox', place: string): Promise<void> {
  mkdirSync(CACHE, { recursive: true, mode: 0o700 });
  const staging = mkdtempSync(join(CACHE, 'new-'));
  try {
    const argv = [LAUNCHER, 'image', 'build', ...(kind === 'container' ? ['--engine', 'none'] : ['--sandbox']), '--state-dir', staging] as const;
    const command = { title: 'build the image', argv, timeoutMs: 600_000, passEnvironment: PASSED };
    const { exit, stdout, stderr } = await localHost().run(command, new AbortController().signal);
    assert.equal(exit, 0, stderr + stdout);
    renameSync(join(staging, `${kind}-images`), place);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

/** Loads it into the world's engine, and pins it in the world's state. */
export async function imageIn(world: ScanWorld, engine: 'docker' | 'podman'): Promise<string> {
  const { id, archive } = await builtImage();
  const loaded = await world.run([engine, 'load', '--quiet', '--input', archive]);
  assert.equal(loaded.exit, 0, loaded.stderr);
  pinIn(join(world.root, 'state'), id, 'container');
  return id;
}

/** As `bulkhead image build --rootless` leaves it: unpacked as root's, and pinned. */
export async function imageUnpackedIn(world: ScanWorld): Promise<string> {
  const stateDir = join(world.root, 'state');
  mkdirSync(join(stateDir, 'container-roots'), { recursive: true, mode: 0o711 });
  const { id, archive } = await builtImage();
  const root = join(stateDir, 'container-roots', id.replace('sha256:', ''));
  const folder = mkdtempSync(join(CACHE, 'unpacking-'));
  const layer = join(folder, 'layer.tar');
  const take = { title: 'take the layer', argv: ['tar', '--extract', `--file=${archive}`, '-C', folder, 'layer.tar'], timeoutMs: 300_000 } as const;
  try {
    for (const command of [
      take,
      ...unpackCommands(
        layer,
        root,
        ['tenants', 'secrets', 'runtime'].map((name) => join(stateDir, name)),
      ),
    ]) {
      const { exit, stderr } = await localHost().run(command, new AbortController().signal);
      assert.equal(exit, 0, `${command.title}: ${stderr}`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  pinIn(stateDir, id, 'container');
  return id;
}

/** As a build there would have left it. */
export function keepIn(stateDir: string, { id, archive }: BuiltImage, kind: 'container' | 'sandbox' = 'container'): void {
  pinIn(stateDir, id, kind);
  mkdirSync(join(stateDir, `${kind}-images`), { mode: 0o700 });
  symlinkSync(archive, join(stateDir, `${kind}-images`, basename(archive)));
}

function pinIn(stateDir: string, id: string, kind: 'container' | 'sandbox'): void {
  mkdirSync(stateDir, { recursive: true, mode: 0o711 });
  writeFileSync(join(stateDir, `${kind}-image`), `${id}\n`);
}
