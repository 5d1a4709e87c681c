/** Another machine's OpenClaw install: what is wrong with it, and the commands that bring it there from the operator's own, over the connection. */
import { readlinkSync } from 'node:fs';
import { posix } from 'node:path';
import type { Install } from '../core/blueprint.ts';
import { succeeded, type Command } from '../core/command.ts';
import { BulkheadError } from '../core/error.ts';
import type { Channel } from '../core/fleet.ts';
import type { Host } from '../core/host.ts';
import { channelPlugins, missingPlugins } from '../openclaw/plugins.ts';
import { runtimeProblems } from '../openclaw/runtime.ts';
import { observeInstall } from './install.ts';

export interface Delivery {
  /** As it shall be there. */
  readonly install: Install;
  /** The operator's own. */
  readonly from: Install;
  readonly channels: readonly Pick<Channel, 'kind'>[];
}

/** Hundreds of megabytes, over whatever line there is. */
const DELIVERY_MS = 1_800_000;

/** [] when the host has a sound install with these plugins. Throws BulkheadError `apply` when there is none here that could be brought there. */
export async function deliveryCommands(
  { install, from, channels }: Delivery,
  { host, here }: { readonly host: Host; readonly here: Host },
  signal: AbortSignal,
): Promise<readonly Command[]> {
  if (await isSound(install, channels, host, signal)) return [];
  const plugins = channelPlugins(channels, from.root);
  const own = await observeInstall(from, { plugins, node: process.execPath, owner: process.getuid?.() ?? 0 }, here, signal);
  const problems = [...runtimeProblems(own, from), ...missingPlugins(plugins, own).map(({ package: name }) => `${name} is not in it`)];
  const flags = plugins.map(({ channel }) => ` --channel ${channel}`).join('');
  if (problems.length > 0)
    throw new BulkheadError(
      'apply',
      `${host.id} has no OpenClaw ${install.version}, and that of this machine cannot be brought there: ${problems[0]}`,
      `bulkhead install${flags}`,
    );
  await refuseForeignMachine(from, host, signal);
  return bringCommands(from.root, install.root, host.id);
}

async function isSound(install: Install, channels: Delivery['channels'], host: Host, signal: AbortSignal): Promise<boolean> {
  const look: Command = { title: 'look for the OpenClaw install', argv: ['test', '-x', install.node], okExits: [0, 1] };
  const result = await host.run(look, signal);
  if (!succeeded(look, result))
    throw new BulkheadError('host', `${host.id}: cannot look for its OpenClaw install`, `bulkhead hosts check ${host.id}`);
  if (result.exit === 1) return false;
  const plugins = channelPlugins(channels, install.root);
  const seen = await observeInstall(install, { plugins, node: install.node, owner: 0 }, host, signal);
  return runtimeProblems(seen, install).length === 0 && missingPlugins(plugins, seen).length === 0;
}

/** The Node of the install is a program for one kind of machine. */
async function refuseForeignMachine({ node }: Install, host: Host, signal: AbortSignal): Promise<void> {
  const { stdout } = await host.run({ title: 'ask which kind of machine it is', argv: ['uname', '-s', '-m'] }, signal);
  const kinds: Readonly<Record<string, string>> = { 'linux-x64': 'Linux x86_64', 'linux-arm64': 'Linux aarch64' };
  const own = `${process.platform}-${process.arch}`;
  if (stdout.trim() !== kinds[own] || posix.isAbsolute(readlinkSync(node)))
    throw new BulkheadError(
      'apply',
      `${host.id} is a machine of another kind (${stdout.trim().slice(0, 60)}; this one is ${own}): its Node cannot be brought from here`,
      `run there once: bulkhead install`,
    );
}

/** Pure. Beside its place, every file compared with its digest here, then renamed: a half-brought install is never used. */
export function bringCommands(from: string, root: string, host: string): readonly Command[] {
  const staged = `${root}.new`;
  const parent = posix.dirname(root);
  return [
    { title: `clear a half-brought install on ${host}`, argv: ['rm', '-rf', '--', staged] },
    // Tenants pass through these two.
    { title: 'make the folder of Bulkhead', argv: ['install', '-d', '-m', '0711', '--', posix.dirname(parent)] },
    { title: 'make the folder of installs', argv: ['install', '-d', '-m', '0755', '--', parent, staged] },
    {
      title: `bring OpenClaw and its Node to ${host}`,
      argv: ['tar', '-C', staged, '--no-same-owner', '-xpf', '-'],
      stdinOf: ['tar', '-C', from, '--owner=0', '--group=0', '--numeric-owner', '--mode=u+rwX,go+rX,go-w', '-cf', '-', '.'],
      timeoutMs: DELIVERY_MS,
    },
    {
      title: 'compare every file with its digest here',
      argv: ['env', '-C', staged, 'sha256sum', '--check', '--quiet', '--strict', '-'],
      stdinOf: ['env', '-C', from, 'find', '.', '-type', 'f', '-exec', 'sha256sum', '{}', '+'],
      timeoutMs: DELIVERY_MS,
    },
    { title: 'clear the place of the install', argv: ['rm', '-rf', '--', root] },
    { title: 'put the install in its place', argv: ['mv', '-T', '--', staged, root] },
  ];
}
