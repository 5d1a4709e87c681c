/** The host's one OpenClaw install: what is wrong with it, and the commands that make it. */
import { readFileSync } from 'node:fs';
import type { Install } from '../core/blueprint.ts';
import type { Command } from '../core/command.ts';
import type { Channel } from '../core/fleet.ts';
import type { Host } from '../core/host.ts';
import { runSelfContained } from '../hosts/run-program.ts';
import { sibling } from '../hosts/self-contained.ts';
import { channelPlugins, missingPlugins, pluginCommands, type ChannelPlugin } from '../openclaw/plugins.ts';
import * as runtime from '../openclaw/runtime.ts';
import type { RuntimeObserved } from '../openclaw/runtime-observer.ts';

/** How npm reaches its registry is the operator's: by name, so that no value shows in a plan. */
const NPM_VARIABLES = ['PATH', 'HOME', 'NODE_EXTRA_CA_CERTS', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy'];

/** [] when the install is sound and holds these plugins; otherwise the commands that make it so. */
export async function installCommands(
  { install, channels }: { readonly install: Install; readonly channels: readonly Pick<Channel, 'kind'>[] },
  host: Host,
  signal: AbortSignal,
): Promise<readonly Command[]> {
  const plugins = channelPlugins(channels, install.root);
  // The CLI's own Node: the one in the install may be missing.
  const observed = await observeInstall(install, { plugins, node: process.execPath, owner: process.getuid?.() ?? 0 }, host, signal);
  const sound = runtime.runtimeProblems(observed, install).length === 0;
  const commands = [
    ...(sound ? [] : openclawCommands(install)),
    ...(sound ? missingPlugins(plugins, observed) : plugins).flatMap((plugin) =>
      pluginCommands({ plugin, npm: ['npm'], ...lockOf(`plugins/${plugin.channel}`) }),
    ),
  ];
  const npmVariables = [...NPM_VARIABLES, ...Object.keys(process.env).filter((name) => /^npm_config_/i.test(name))];
  return commands.map((command) => (command.argv[0] === 'npm' ? { ...command, passEnvironment: npmVariables } : command));
}

function openclawCommands(install: Install): readonly Command[] {
  const platform = `${process.platform}-${process.arch}`;
  return runtime.installCommands({ root: install.root, npm: ['npm'], platform, node: process.execPath, ...lockOf('openclaw') });
}

/** What npm is told, from the package of Bulkhead itself. */
function lockOf(folder: string): { readonly packageJson: string; readonly packageLock: string } {
  const text = (name: string): string => readFileSync(new URL(`../../runtime/${folder}/${name}`, import.meta.url), 'utf8');
  return { packageJson: text('package.json'), packageLock: text('package-lock.json') };
}

export interface InstallLook {
  readonly plugins: readonly ChannelPlugin[];
  /** Node to look with. */
  readonly node: string;
  /** Uid that may own it, besides 0. */
  readonly owner: number;
}

export async function observeInstall(
  install: Install,
  { plugins, node, owner }: InstallLook,
  host: Host,
  signal: AbortSignal,
): Promise<RuntimeObserved> {
  const run = {
    program: sibling(import.meta.resolve('../openclaw/runtime.ts'), 'runtime-observer'),
    request: { root: install.root, owner, packages: plugins.map(({ path }) => path) },
    node,
    title: 'look at the OpenClaw install',
    apart: true,
  };
  return await runSelfContained<RuntimeObserved>(host, run, signal);
}
