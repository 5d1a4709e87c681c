/**
 * Channels that OpenClaw publishes as packages of their own. A plugin is code inside the gateway: each lies in the read-only install, at the
 * version and with the digest that Bulkhead's lock file names, among the plugins that OpenClaw itself brings: only those, and those that a
 * tenant's own state calls installed, may open the queue that channels need. Source: openclaw 2026.9.6 docs/tools/plugin.md (trust reasons).
 */
import type { Command } from '../core/command.ts';
import type { Channel } from '../core/fleet.ts';
import { declaredProvider } from './channels/index.ts';
import type { RuntimeObserved } from './runtime-observer.ts';

export interface ChannelPlugin {
  readonly channel: string;
  readonly package: string;
  readonly version: string;
  /** Where npm puts it together. */
  readonly staged: string;
  /** Its place in the install. */
  readonly path: string;
}

/** Plugins that these channels need, each once, in order. */
export function channelPlugins(channels: readonly Pick<Channel, 'kind'>[], installRoot: string): readonly ChannelPlugin[] {
  const kinds = [...new Set(channels.map(({ kind }) => kind))].toSorted();
  return kinds.flatMap((kind) => {
    const { plugin } = declaredProvider(kind).declared;
    if (plugin === undefined) return [];
    const path = `${installRoot}/node_modules/openclaw/dist/extensions/${kind}`;
    return [{ channel: kind, ...plugin, staged: `${installRoot}/plugin-${kind}.new`, path }];
  });
}

export interface PluginInput {
  readonly plugin: ChannelPlugin;
  /** Texts of runtime/plugins/<channel>/package.json and package-lock.json. */
  readonly packageJson: string;
  readonly packageLock: string;
  readonly npm: readonly [string, ...string[]];
}

/** Put together beside its place, then moved. npm checks every package against the lock file; no package runs a script. */
export function pluginCommands({ plugin, packageJson, packageLock, npm }: PluginInput): readonly Command[] {
  const { staged, path } = plugin;
  const name = `${plugin.package} ${plugin.version}`;
  return [
    { title: `clear a half-made ${name}`, argv: ['rm', '-rf', staged] },
    { title: `make a folder for ${name}`, argv: ['mkdir', staged] },
    { title: 'say which package', argv: ['dd', `of=${staged}/package.json`], stdin: packageJson },
    { title: 'say which versions exactly', argv: ['dd', `of=${staged}/package-lock.json`], stdin: packageLock },
    {
      title: `install ${name}`,
      // Nested: what it needs lies in its own folder, which is all that is kept.
      argv: [
        ...npm,
        'ci',
        '--ignore-scripts',
        '--install-strategy=nested',
        '--omit=dev',
        '--omit=peer',
        '--no-audit',
        '--no-fund',
        '--prefix',
        staged,
      ],
      timeoutMs: 600_000,
    },
    { title: `make ${name} writable for its owner alone`, argv: ['chmod', '-R', 'u+rwX,go+rX,go-w', staged] },
    { title: `clear the place of ${name}`, argv: ['rm', '-rf', path] },
    { title: `put ${name} in its place`, argv: ['mv', `${staged}/node_modules/${plugin.package}`, path] },
    { title: `clear what is left of ${name}`, argv: ['rm', '-rf', staged] },
  ];
}

/** Those that are not there at their version. Who owns them and who may change them is judged with the whole install. */
export function missingPlugins(plugins: readonly ChannelPlugin[], { versions }: Pick<RuntimeObserved, 'versions'>): readonly ChannelPlugin[] {
  return plugins.filter(({ path, version }) => versions[path] !== version);
}
