/**
 * The one OpenClaw install of a host: root-owned (or the operator's own), read-only for tenants, shared by all of them.
 * Source: openclaw 2026.9.6, seen by running: installed without scripts it leaves a marker, and the first command of the owner finishes
 * the work in the install itself; a tenant, who cannot write there, would be refused.
 */
import type { Install } from '../core/blueprint.ts';
import type { Command } from '../core/command.ts';
import type { RuntimeObserved } from './runtime-observer.ts';
import { OPENCLAW_VERSION } from './version.ts';

export function installRoot(stateDir: string): string {
  return `${stateDir}/runtime/openclaw-${OPENCLAW_VERSION}`;
}

export function installAt(root: string): Install {
  return { root, node: `${root}/bin/node`, openclaw: `${root}/node_modules/openclaw/openclaw.mjs`, version: OPENCLAW_VERSION };
}

export interface InstallInput {
  readonly root: string;
  /** Texts of runtime/openclaw/package.json and package-lock.json. */
  readonly packageJson: string;
  readonly packageLock: string;
  /** How npm is started here, e.g. `['npm']` or `[node, '/…/npm-cli.js']`. */
  readonly npm: readonly [string, ...string[]];
  /** `linux-x64` and `linux-arm64` bring their own Node; elsewhere `node` is linked. */
  readonly platform: string;
  readonly node: string;
}

const PLATFORMS_WITH_NODE: readonly string[] = ['linux-x64', 'linux-arm64'];

/** Installs beside its place, then renames: a half-made install is never used. Running it again starts over. */
export function installCommands(input: InstallInput): readonly Command[] {
  const staged = `${input.root}.new`;
  const nodeLink = PLATFORMS_WITH_NODE.includes(input.platform) ? `../node_modules/node-${input.platform}/bin/node` : input.node;
  const scratch = `${staged}/first-run`;
  const environment = [
    `HOME=${scratch}`,
    `TMPDIR=${scratch}`,
    `OPENCLAW_STATE_DIR=${scratch}/state`,
    'PATH=/usr/local/bin:/usr/bin:/bin',
    'OPENCLAW_NO_AUTO_UPDATE=1',
    'OPENCLAW_OFFLINE=1',
    'NODE_DISABLE_COMPILE_CACHE=1',
  ];
  const readOnly: Command = { title: 'make the install writable for its owner alone', argv: ['chmod', '-R', 'u+rwX,go+rX,go-w', staged] };
  return [
    { title: 'clear a half-made install', argv: ['rm', '-rf', staged] },
    // The parent's mode is said, not left to a umask: tenants must pass through it.
    { title: 'make the folder of installs', argv: ['mkdir', '-p', '-m', '0755', input.root.slice(0, Math.max(input.root.lastIndexOf('/'), 1))] },
    { title: 'make the folder of the install', argv: ['mkdir', '-p', `${staged}/bin`] },
    { title: 'say which packages', argv: ['dd', `of=${staged}/package.json`], stdin: input.packageJson },
    { title: 'say which versions exactly', argv: ['dd', `of=${staged}/package-lock.json`], stdin: input.packageLock },
    {
      title: `install OpenClaw ${OPENCLAW_VERSION} and its Node`,
      argv: [...input.npm, 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', staged],
      timeoutMs: 600_000,
    },
    { title: 'link node', argv: ['ln', '-sfn', nodeLink, `${staged}/bin/node`] },
    { title: 'link openclaw', argv: ['ln', '-sfn', '../node_modules/openclaw/openclaw.mjs', `${staged}/bin/openclaw`] },
    readOnly,
    { title: 'make a home for the first run', argv: ['mkdir', '-p', '-m', '0700', scratch] },
    {
      title: 'let OpenClaw finish its install',
      argv: ['env', '-i', ...environment, `${staged}/bin/node`, `${staged}/node_modules/openclaw/openclaw.mjs`, 'config', 'file'],
      timeoutMs: 120_000,
    },
    { title: 'drop the home of the first run', argv: ['rm', '-rf', scratch] },
    readOnly,
    { title: 'clear the place of the install', argv: ['rm', '-rf', input.root] },
    { title: 'put the install in its place', argv: ['mv', staged, input.root] },
  ];
}

/** Why this install must not be run by tenants; [] when it is sound. */
export function runtimeProblems(observed: RuntimeObserved, install: Install): readonly string[] {
  if (!observed.exists) return [`${install.root} is not there`];
  const problems: string[] = [];
  if (observed.version !== install.version) problems.push(`OpenClaw ${observed.version ?? 'of unknown version'} instead of ${install.version}`);
  if (observed.lifecyclePending) problems.push('its first run is pending');
  if (!observed.nodeRuns) problems.push(`${install.node} is not a program`);
  problems.push(...observed.foreign.map((path) => `${path} belongs to another user`));
  problems.push(...observed.writable.map((path) => `${path} is writable by others`));
  problems.push(...observed.escaping.map((path) => `${path} links out of the install to a file others can change`));
  return problems;
}
