/** The host's one OpenClaw install: what is wrong with it, and the commands that make it. */
import { readFileSync } from 'node:fs';
import type { Install } from '../core/blueprint.ts';
import type { Command } from '../core/command.ts';
import type { Host } from '../core/host.ts';
import { runSelfContained } from '../hosts/run-program.ts';
import { sibling } from '../hosts/self-contained.ts';
import * as runtime from '../openclaw/runtime.ts';
import type { RuntimeObserved } from '../openclaw/runtime-observer.ts';

/** How npm reaches its registry is the operator's: by name, so that no value shows in a plan. */
const NPM_VARIABLES = ['PATH', 'HOME', 'NODE_EXTRA_CA_CERTS', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy'];

/** [] when the install is sound; otherwise the commands that make it anew. Also see `problemsOfInstall`. */
export async function installCommands(install: Install, host: Host, signal: AbortSignal): Promise<readonly Command[]> {
  if ((await problemsOfInstall(install, host, signal)).length === 0) return [];
  const text = (name: string): string => readFileSync(new URL(`../../runtime/openclaw/${name}`, import.meta.url), 'utf8');
  const commands = runtime.installCommands({
    root: install.root,
    packageJson: text('package.json'),
    packageLock: text('package-lock.json'),
    npm: ['npm'],
    platform: `${process.platform}-${process.arch}`,
    node: process.execPath,
  });
  const npmVariables = [...NPM_VARIABLES, ...Object.keys(process.env).filter((name) => /^npm_config_/i.test(name))];
  return commands.map((command) => (command.argv[0] === 'npm' ? { ...command, passEnvironment: npmVariables } : command));
}

/** Why tenants must not run this install; [] when it is sound. */
export async function problemsOfInstall(install: Install, host: Host, signal: AbortSignal): Promise<readonly string[]> {
  const run = {
    program: sibling(import.meta.resolve('../openclaw/runtime.ts'), 'runtime-observer'),
    request: { root: install.root, owner: process.getuid?.() ?? 0 },
    // The CLI's own Node: the one in the install may be missing.
    node: process.execPath,
    title: 'look at the OpenClaw install',
    apart: true,
  };
  return runtime.runtimeProblems(await runSelfContained<RuntimeObserved>(host, run, signal), install);
}
