/**
 * The images that a host needs: a small Debian with the host's OpenClaw install at the install's own path, which all containers run, and one with its Node
 * alone for sandboxes. An archive of ours with a config of ours, since `import` dates what it makes: the same packages give the same id, in Docker as in Podman.
 */
import type { Install, Layout } from '../../core/blueprint.ts';
import type { Command } from '../../core/command.ts';
import { SANDBOX_IMAGE } from '../../openclaw/sandbox.ts';
import { sandboxImageArchives, sandboxImageRecord } from '../os-user/engine.ts';
import { ETC_NAMES } from '../os-user/filesystem.ts';

const BUILD_MS = 900_000;
/** How apt reaches its archives is the operator's: by name, so that no value shows in a plan. */
const PROXIES = ['http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'];
/** In place of the time of the build. */
const EPOCH = '0';
/** Left out: what differs from build to build, and what nobody reads in a container. */
const LEFT_OUT = [
  './dev/*',
  './proc/*',
  './run/*',
  './sys/*',
  './tmp/*',
  './etc/machine-id',
  './etc/hostname',
  './etc/resolv.conf',
  './etc/apt/apt.conf.d/99mmdebstrap',
  './etc/.pwd.lock',
  './usr/share/doc/*',
  './usr/share/info/*',
  './usr/share/locale/*',
  './usr/share/man/*',
  './var/cache/*',
  './var/lib/apt/*',
  './var/lib/dpkg/*-old',
  './var/log/*',
];

/** What one kind of image is made of, and where it is kept. */
export interface Recipe {
  readonly packages: readonly string[];
  /** Directories of the host that it holds besides Debian, at the same place. */
  contents(install: Install): readonly string[];
  /** What else is put into the root directory that becomes the image. */
  added(install: Install, root: string): readonly Command[];
  /** Of the image's config, besides what is common. */
  readonly config: Readonly<Record<string, unknown>>;
  /** For people and `image ls`; an image is named by its id where it counts, since a tag can be moved. */
  tag(install: Install): string;
  /** Root-owned file that pins it by its id. */
  record(layout: Layout): string;
  archives(layout: Layout): string;
  /** Whether what was pinned before stays too: services that run it are started by its archive until the next apply. */
  readonly keepsBefore: boolean;
}

export const CONTAINER: Recipe = {
  // What OpenClaw, the gateway's agents and our own programs inside use; tini is pid 1.
  packages: ['ca-certificates', 'curl', 'perl-base', 'procps', 'tini', 'util-linux'],
  contents: ({ root }) => [root],
  added: () => [],
  config: {},
  tag: ({ version }) => `localhost/bulkhead/openclaw:${version}`,
  record: imageRecord,
  archives: imageArchives,
  keepsBefore: false,
};

/** Source of the packages: openclaw 2026.9.6 docs/gateway/sandboxing/images-and-setup.md; Node besides, for skills that need it. */
export const SANDBOX: Recipe = {
  packages: ['bash', 'ca-certificates', 'curl', 'git', 'jq', 'python3', 'ripgrep'],
  contents: () => [],
  added: ({ node }, root) => [{ title: 'add Node', argv: ['install', '-m', '0755', '--', node, `${root}/usr/local/bin/node`] }],
  config: { Cmd: ['sleep', 'infinity'] },
  tag: () => SANDBOX_IMAGE,
  record: sandboxImageRecord,
  archives: sandboxImageArchives,
  keepsBefore: true,
};

/** Root-owned file that pins the image: its id, by which containers are started. */
export function imageRecord(layout: Layout): string {
  return `${layout.stateDir}/container-image`;
}

/** What was built, kept to be brought to other machines. Its name is the image's id. */
export function imageArchive(layout: Layout, id: string): string {
  return `${imageArchives(layout)}/${id.replace(/^sha256:/, '')}.tar`;
}

export function imageArchives(layout: Layout): string {
  return `${layout.stateDir}/container-images`;
}

export interface Archives {
  readonly suite: string;
  /** Lines of sources.list. */
  readonly sources: readonly string[];
  /** Lines of `apt-config dump` about how to fetch. */
  readonly settings: readonly string[];
}

/** The distribution's own archives, from `apt-get indextargets` and `apt-config dump`; undefined when apt knows none. */
export function archivesOf(targets: string, config: string): Archives | undefined {
  const own = targets
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([origin, , component]) => (origin === 'Debian' || origin === 'Ubuntu') && component === 'main');
  const suite = own[0]?.[1];
  if (suite === undefined) return undefined;
  return {
    suite,
    sources: own.map(([, release = '', component = '', uri = '']) => `deb ${uri} ${release} ${component}`),
    settings: config
      .split('\n')
      .filter((line) => /^Acquire::(?:http|Check)/.test(line))
      .map((line) => line.replace(/;$/, '')),
  };
}

export const ASK_TARGETS: Command = {
  title: 'ask apt for its archives',
  argv: ['apt-get', 'indextargets', '--format', '$(ORIGIN) $(RELEASE) $(COMPONENT) $(REPO_URI)', 'Created-By: Packages'],
};
export const ASK_SETTINGS: Command = { title: 'ask apt how it fetches', argv: ['apt-config', 'dump'] };

/** A root directory of Debian's packages, each checked by apt against the archive's signature. */
export function debianCommand({ packages }: Recipe, { suite, sources, settings }: Archives, root: string): Command {
  const options = settings.map((setting) => `--aptopt=${setting}`);
  const how = ['--quiet', '--mode=root', '--variant=minbase', '--format=directory', '--dpkgopt=force-unsafe-io'];
  return {
    title: `build a Debian of ${suite} for the image`,
    argv: ['env', `SOURCE_DATE_EPOCH=${EPOCH}`, 'mmdebstrap', ...how, `--include=${packages.join(',')}`, ...options, suite, root, ...sources],
    timeoutMs: BUILD_MS,
    passEnvironment: PROXIES,
  };
}

/** Debian and `contents` of the host as one layer, in the order of their names, without times. */
export function layerCommand(contents: readonly string[], root: string, layer: string): Command {
  const same = ['--format=gnu', '--sort=name', `--mtime=@${EPOCH}`, '--numeric-owner', '--no-xattrs', '--no-acls', '--no-selinux'];
  return {
    title: ['pack it', ...contents].join(' with '),
    argv: [
      'tar',
      '--create',
      `--file=${layer}`,
      ...same,
      ...LEFT_OUT.map((path) => `--exclude=${path}`),
      '-C',
      root,
      '.',
      ...(contents.length === 0 ? [] : ['-C', '/', ...contents.map((path) => `.${path}`)]),
    ],
    timeoutMs: BUILD_MS,
  };
}

/** The image's config: its SHA-256 is the image's id. OCI image specification, config.md. `layer`: SHA-256 (hex) of the layer's tar. */
export function imageConfig({ config }: Recipe, install: Install, architecture: string, layer: string): string {
  return JSON.stringify({
    architecture,
    os: 'linux',
    created: new Date(Number(EPOCH)).toISOString(),
    config: {
      Env: [`PATH=${install.root}/bin:/usr/sbin:/usr/bin:/sbin:/bin`],
      Labels: { 'org.bulkhead.openclaw': install.version },
      WorkingDir: '/',
      // Whoever starts it by hand, without saying as whom, is nobody in it.
      User: '65534:65534',
      ...config,
    },
    rootfs: { type: 'layers', diff_ids: [`sha256:${layer}`] },
    history: [{ created: new Date(Number(EPOCH)).toISOString(), created_by: 'bulkhead image build' }],
  });
}

/** In the archive, beside the config, which is named by its digest. */
export const LAYER = 'layer.tar';

/** What `load` reads first. `docker save` of Docker 20.10; containers-transports(5), docker-archive. */
export function imageManifest(tag: string, config: string, layer: string): string {
  return JSON.stringify([{ Config: config, RepoTags: [tag], Layers: [layer] }]);
}

/**
 * The layer as a directory, for an engine that runs as a tenant's user: what is in it belongs to root, and set-user-ID files of it would be every
 * user's of the host. `points`: what only root could make in it later, directories and the files that stand in for an /etc of its own.
 */
export function unpackCommands(layer: string, root: string, points: readonly string[]): readonly Command[] {
  const files = ETC_NAMES.map((name) => `${root}/etc/${name}`);
  return [
    { title: `create ${root}`, argv: ['install', '-d', '-m', '0755', '--', root, ...points.map((path) => `${root}${path}`)] },
    {
      title: 'unpack it for rootless engines',
      argv: ['tar', '--extract', `--file=${layer}`, '--numeric-owner', '--same-permissions', '-C', root],
      timeoutMs: BUILD_MS,
    },
    {
      title: 'take its set-user-ID bits',
      argv: ['find', root, '-xdev', '-type', 'f', '-perm', '/6000', '-exec', 'chmod', 'ug-s', '--', '{}', '+'],
      timeoutMs: BUILD_MS,
    },
    { title: 'make the files that are mounted over', argv: ['touch', '--', ...files] },
    { title: 'point its mtab at /proc', argv: ['ln', '-sfn', '/proc/mounts', `${root}/etc/mtab`] },
  ];
}

export function archiveCommand(folder: string, archive: string, files: readonly string[]): Command {
  return { title: 'put the image’s archive together', argv: ['tar', '--create', `--file=${archive}`, '-C', folder, ...files], timeoutMs: BUILD_MS };
}
