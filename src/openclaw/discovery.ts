/**
 * What an OpenClaw gateway looks like from outside: names of its process, units, directories, labels. Source: openclaw 2026.9.6
 * docs/gateway/multiple-gateways.md, docs/cli/fleet.md, docs/install/kubernetes.md, dist `cell-profile-*`; the rest was seen by running it.
 */
import type { Resolved } from './resolve.ts';

/** Name that a gateway gives itself, as the kernel cuts it. */
export const GATEWAY_NAME = 'openclaw-gatewa';

/** A program of OpenClaw run as a gateway: `openclaw gateway …`, `node …/openclaw.mjs gateway run`, with options before the command. */
export function isGatewayCommand(argv: readonly string[]): boolean {
  const at = argv.findIndex((word) => isOpenclaw(word));
  return at >= 0 && argv.slice(at + 1).includes('gateway') && !argv.slice(at + 1).some((word) => GATEWAY_TASKS.includes(word));
}

/** `gateway install` and others do their work and end. */
const GATEWAY_TASKS: readonly string[] = ['install', 'uninstall', 'status', 'probe', 'call', 'stop', 'restart', 'health', 'discover'];

function isOpenclaw(word: string): boolean {
  return /(?:^|\/)openclaw(?:\.m?js)?$/.test(word) || /\/openclaw\/dist\/[^/]+\.m?js$/.test(word) || word === 'dist/index.js';
}

/** Names of units that OpenClaw installs for itself. */
export function isGatewayUnitName(name: string): boolean {
  return /^openclaw-gateway(?:-[^/]+)?\.service$/.test(name);
}

/** `~/.openclaw` and `~/.openclaw-<profile>`. */
export function isStateName(name: string): boolean {
  return /^\.openclaw(?:-[a-z0-9][a-z0-9_-]{0,63})?$/i.test(name);
}

/** What only a state directory holds; one of them is enough. */
export const STATE_MARKS: readonly string[] = ['openclaw.json', 'state/openclaw.sqlite', 'agents', 'credentials'];

/** The command line that a state directory below a home stands for. */
export function argvOfStateName(name: string): readonly string[] {
  return name === '.openclaw' ? [] : ['--profile', name.slice('.openclaw-'.length)];
}

/** From the file that a gateway keeps open to the state directory that it lies in. */
export function stateOfOpenFile(path: string): string | undefined {
  return /^(\/.*)\/state\/openclaw\.sqlite$/.exec(path)?.[1];
}

/** From a word of a helper's command line to the package that it belongs to. */
export function packageOfWord(word: string): string | undefined {
  return /^(\/.*\/node_modules\/openclaw)\/(?:dist\/|openclaw\.m?js$)/.exec(word)?.[1] ?? /^(\/.*)\/openclaw\.m?js$/.exec(word)?.[1];
}

/** Variables that a gateway passes on to its helpers once its own command line has set them. */
export const PASSED_ON: readonly string[] = ['OPENCLAW_PROFILE', 'OPENCLAW_STATE_DIR', 'OPENCLAW_CONFIG_PATH', 'OPENCLAW_GATEWAY_PORT'];

/** Labels of a cell of `openclaw fleet`, and where a cell keeps what is mounted into it. */
export const FLEET_LABELS = { tenant: 'openclaw.fleet.tenant', owner: 'openclaw.fleet.owner' } as const;
export const CONTAINER_HOME = '/home/node';
export const CONTAINER_PORT = 18789;

/** The image of a container may be OpenClaw's. */
export function isOpenclawImage(image: string): boolean {
  return /(?:^|\/)openclaw(?:[:@]|$)/.test(image);
}

/** A name for a gateway out of where it keeps its state. */
export function nameOfState(stateDir: string): string | undefined {
  const name = stateDir.split('/').at(-1) ?? '';
  const profile = /^\.openclaw-(.+)$/.exec(name)?.[1];
  if (profile !== undefined) return profile;
  // A directory that is called `state` or `.openclaw` says nothing: what it lies in does.
  const words = stateDir.split('/').filter((word) => !['', 'state', 'home', '.openclaw', 'openclaw', 'data'].includes(word));
  return words.at(-1);
}

/** The log of a gateway whose config names none. `common`: who owns /tmp/openclaw and whether others may write there. */
export function defaultLogFile(
  { profile }: Pick<Resolved, 'profile'>,
  where: { readonly uid: number; readonly tmp: string; readonly day: string; readonly common?: { readonly uid: number; readonly mode: number } },
): string {
  const { uid, tmp, day, common } = where;
  const isOwn = common === undefined || (common.uid === uid && (common.mode & 0o022) === 0);
  return `${isOwn ? '/tmp/openclaw' : `${tmp}/openclaw-${uid}`}/openclaw${profile === undefined ? '' : `-${profile}`}-${day}.log`;
}

/** Where Node keeps compiled code unless it is told otherwise. */
export function compileCache(environment: Readonly<Record<string, string>>, tmp: string): string {
  return environment['NODE_COMPILE_CACHE'] ?? `${tmp}/node-compile-cache`;
}
