/**
 * Channels that OpenClaw publishes as packages of their own. A plugin is code inside the gateway: each lies in the read-only install, at the
 * version and with the digest that Bulkhead's lock file names, and a tenant's config loads it by its path (`plugins.load.paths`).
 * Source: openclaw 2026.9.6 docs/plugins/dependency-resolution.md, docs/plugins/manifest/package-json.md.
 */
import type { Command } from '../core/command.ts';
import type { Channel } from '../core/fleet.ts';
import { declaredProvider } from './channels/index.ts';
import type { RuntimeObserved } from './runtime-observer.ts';

export interface ChannelPlugin {
  readonly channel: string;
  readonly package: string;
  readonly version: string;
  /** Its folder in the install. */
  readonly root: string;
  /** The package, below `root`: what a config loads. */
  readonly path: string;
}

/** Plugins that these channels need, each once, in order. */
export function channelPlugins(channels: readonly Pick<Channel, 'kind'>[], installRoot: string): readonly ChannelPlugin[] {
  const kinds = [...new Set(channels.map(({ kind }) => kind))].toSorted();
  return kinds.flatMap((kind) => {
    const { plugin } = declaredProvider(kind).declared;
    if (plugin === undefined) return [];
    const root = `${installRoot}/plugins/${kind}-${plugin.version}`;
    return [{ channel: kind, ...plugin, root, path: `${root}/node_modules/${plugin.package}` }];
  });
}

export interface PluginInput {
  readonly plugin: ChannelPlugin;
  /** Texts of runtime/plugins/<channel>/package.json and package-lock.json. */
  readonly packageJson: string;
  readonly packageLock: string;
  readonly npm: readonly [string, ...string[]];
}

/** Installs beside its place, then renames. npm checks every package against the lock file; no package runs a script. */
export function pluginCommands({ plugin, packageJson, packageLock, npm }: PluginInput): readonly Command[] {
  const staged = `${plugin.root}.new`;
  const name = `${plugin.package} ${plugin.version}`;
  return [
    { title: `clear a half-made ${name}`, argv: ['rm', '-rf', staged] },
    { title: 'make the folder of plugins', argv: ['mkdir', '-p', '-m', '0755', plugin.root.slice(0, plugin.root.lastIndexOf('/'))] },
    { title: `make a folder for ${name}`, argv: ['mkdir', '-p', staged] },
    { title: 'say which package', argv: ['dd', `of=${staged}/package.json`], stdin: packageJson },
    { title: 'say which versions exactly', argv: ['dd', `of=${staged}/package-lock.json`], stdin: packageLock },
    {
      title: `install ${name}`,
      argv: [...npm, 'ci', '--ignore-scripts', '--omit=dev', '--omit=peer', '--no-audit', '--no-fund', '--prefix', staged],
      timeoutMs: 600_000,
    },
    { title: `make ${name} writable for its owner alone`, argv: ['chmod', '-R', 'u+rwX,go+rX,go-w', staged] },
    { title: `clear the place of ${name}`, argv: ['rm', '-rf', plugin.root] },
    { title: `put ${name} in its place`, argv: ['mv', staged, plugin.root] },
  ];
}

/** Those that are not there at their version. Who owns them and who may change them is judged with the whole install. */
export function missingPlugins(plugins: readonly ChannelPlugin[], { versions }: Pick<RuntimeObserved, 'versions'>): readonly ChannelPlugin[] {
  return plugins.filter(({ path, version }) => versions[path] !== version);
}
