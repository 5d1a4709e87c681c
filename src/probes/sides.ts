/** What is planted for each tenant, and how a tenant looks to a probe once it is. Pure. */
import type { Blueprint, Layout } from '../core/blueprint.ts';
import type { BoundaryDetails } from '../core/host.ts';
import type { ProcessFact } from '../core/facts.ts';
import type { Canary } from './canaries.ts';
import type { Side } from './define.ts';
import type { Held, HolderRequest } from './holder.ts';
import { isObject } from '../openclaw/merge.ts';
import { derivedPorts } from '../openclaw/ports.ts';

/** How long a holder waits for its release before it undoes everything by itself. */
export const HOLD_MS = 360_000;

/** Random text per tenant; the caller makes it, so that tests can repeat a run. */
export interface Marks {
  readonly nonce: string;
  readonly decoyNonce: string;
  /** A uid above every range that systems hand out. */
  readonly decoyUid: number;
}

export function directoriesOf({ paths }: Blueprint): Readonly<Record<string, string>> {
  return {
    state: paths.state,
    workspace: paths.workspace,
    credentials: paths.credentials,
    log: parentOf(paths.logFile),
    browser: paths.browserData,
  };
}

/** Where its agents work and take notes, openclaw 2026.9.6 docs/gateway/config-agents: several have a directory each. */
function workspacesOf({ paths, config }: Blueprint): readonly string[] {
  const agents = isObject(config['agents']) ? config['agents'] : {};
  const names = Object.keys(isObject(agents['entries']) ? agents['entries'] : {}).filter((name) => /^[\w-]{1,64}$/.test(name));
  return [paths.workspace, ...names.map((name) => `${paths.workspace}/${name}`)].flatMap((workspace) => [workspace, `${workspace}/memory`]);
}

/** A name of its own, since memory is notes in Markdown; only where the model is scripted, since what lies there is indexed. */
function noteOf({ paths }: Blueprint, marks: Marks): Canary {
  return { surface: 'memory', directory: `${paths.workspace}/memory`, name: `${canaryName(marks)}.md`, nonce: marks.nonce };
}

function canaryName({ nonce }: Marks): string {
  return `.bulkhead-canary-${nonce.slice(-24)}`;
}

/** Directories that programs of every user write to. */
const SHARED = { tmp: '/tmp', 'var-tmp': '/var/tmp', shm: '/dev/shm' } as const;

export interface HolderInput {
  readonly blueprint: Blueprint;
  readonly marks: Marks;
  /** Whom it attacks, on whose ports it listens. */
  readonly victims: readonly Blueprint[];
  /** Of its own gateway. */
  readonly token: string | undefined;
  readonly scripted: boolean;
}

export function holderRequest({ blueprint, marks, victims, token, scripted }: HolderInput, mode: 'hold' | 'release'): HolderRequest {
  const { paths } = blueprint;
  const name = canaryName(marks);
  return {
    mode,
    releaseMark: `${paths.tmp}/.bulkhead-release-${marks.nonce.slice(-16)}`,
    sweep: [...new Set([paths.root, paths.tmp, ...Object.values(directoriesOf(blueprint)), ...workspacesOf(blueprint)])],
    canaries: Object.entries(directoriesOf(blueprint)).map(([surface, directory]) => ({ surface, directory, name, nonce: marks.nonce })),
    ...(scripted ? { note: noteOf(blueprint, marks) } : {}),
    shared: Object.entries(SHARED).map(([surface, directory]) => ({ surface, directory, name, nonce: marks.nonce })),
    socket: { name: socketOf(marks), nonce: marks.nonce },
    listeners: [
      // 0: any free one. It is not in anybody's block.
      { name: 'decoy', candidates: [0], nonce: marks.decoyNonce },
      { name: 'browser', candidates: [...range(blueprint.ports.first + 11, 12)], nonce: marks.nonce },
      ...victims.map(({ tenant, ports }) => ({ name: `squat ${tenant}`, candidates: range(ports.last - 8, 9), nonce: marks.nonce })),
    ],
    decoy: decoyOf(blueprint, marks),
    browserPort: derivedPorts(blueprint.gatewayPort).debugging.first,
    gatewayPort: blueprint.gatewayPort,
    memory: { key: memoryKeyOf(marks), nonce: marks.nonce },
    squats: [lockOf(marks), homeOf(marks)],
    ...(token === undefined
      ? {}
      : { session: { port: blueprint.gatewayPort, token, key: `bulkhead-canary-${blueprint.tenant}`, nonce: marks.nonce, schedules: scripted } }),
    maxMs: HOLD_MS,
  };
}

export interface SideInput {
  readonly blueprint: Blueprint;
  readonly layout: Pick<Layout, 'stateDir' | 'runDir'>;
  readonly marks: Marks;
  readonly details: BoundaryDetails;
  readonly gateway: ProcessFact | undefined;
  readonly held: Held | undefined;
  readonly scripted: boolean;
  readonly hasToken: boolean;
  /** Of its host. */
  readonly addresses?: readonly string[];
}

export function sideOf({ blueprint, layout, marks, details, gateway, held, scripted, hasToken, addresses = [] }: SideInput): Side {
  const { paths, ports } = blueprint;
  const name = canaryName(marks);
  const note = noteOf(blueprint, marks);
  const hasNote = held?.canaries['memory'] === `${note.directory}/${note.name}`;
  // Only the names that we chose count: what a tenant's own process says is not followed anywhere else.
  const planted = (directories: Readonly<Record<string, string>>, said: Readonly<Record<string, string>> = {}): Record<string, string> =>
    Object.fromEntries(
      Object.entries(directories)
        .map(([surface, directory]): [string, string] => [surface, `${directory}/${name}`])
        .filter(([surface, path]) => said[surface] === path),
    );
  return {
    tenant: blueprint.tenant,
    rung: blueprint.rung,
    on: blueprint.host,
    addresses,
    host: { stateDir: layout.stateDir, runDir: layout.runDir },
    service: blueprint.serviceName,
    code: [blueprint.install.node, blueprint.install.openclaw],
    memoryKey: memoryKeyOf(marks),
    root: paths.root,
    state: paths.state,
    workspace: paths.workspace,
    credentials: paths.credentials,
    logFile: paths.logFile,
    logDir: parentOf(paths.logFile),
    configDir: paths.configDir,
    secretsDir: paths.secretsDir,
    canaries: { ...planted(directoriesOf(blueprint), held?.canaries), ...(hasNote ? { memory: `${note.directory}/${note.name}` } : {}) },
    shared: planted(SHARED, held?.shared),
    socket: `\0${socketOf(marks)}`,
    publishedPort: blueprint.publishedPort,
    gatewayPort: blueprint.gatewayPort,
    ports,
    namespaces: gateway?.namespaces ?? {},
    nonce: marks.nonce,
    decoy: { ...decoyOf(blueprint, marks), port: held?.listening['decoy'] ?? 1, ...(held?.decoyPid ? { pid: held.decoyPid } : {}) },
    squattedPorts: squattedPortsOf(held),
    sandboxed: blueprint.sandbox !== undefined,
    hasBrowser: blueprint.browser,
    channels: blueprint.channels.map(({ kind }) => kind),
    scripted,
    hasToken,
    ...heldBy(blueprint, marks, held),
    ...(details.hostAddress === undefined ? {} : { link: { host: details.hostAddress, allowed: blueprint.allow.map(({ port }) => port) } }),
    ...(blueprint.limits.diskBytes === undefined ? {} : { diskBytes: blueprint.limits.diskBytes }),
    ...(paths.backup === undefined ? {} : { backup: paths.backup }),
    ...(details.uid === undefined ? {} : { uid: details.uid }),
    ...(details.address === undefined ? {} : { address: details.address }),
    ...(gateway === undefined ? {} : { pid: gateway.pid }),
  };
}

/** What its holder has besides its canaries. */
function heldBy(
  { gatewayPort }: Blueprint,
  marks: Marks,
  held: Held | undefined,
): Pick<Side, 'squattedTmp' | 'squattedHome' | 'browserPort' | 'session' | 'browser'> {
  const browserPort = held?.listening['browser'];
  return {
    ...(held?.squatted.includes(lockOf(marks)) === true ? { squattedTmp: lockOf(marks) } : {}),
    ...(held?.squatted.includes(homeOf(marks)) === true ? { squattedHome: homeOf(marks) } : {}),
    ...(browserPort === undefined ? {} : { browserPort }),
    ...(held?.session === undefined ? {} : { session: held.session }),
    ...(held?.browser === undefined ? {} : { browser: { port: derivedPorts(gatewayPort).debugging.first, name: held.browser } }),
  };
}

function squattedPortsOf(held: Held | undefined): Side['squattedPorts'] {
  return Object.fromEntries(
    Object.entries(held?.listening ?? {})
      .filter(([key]) => key.startsWith('squat '))
      .map(([key, port]) => [key.slice('squat '.length), port]),
  );
}

function socketOf({ nonce }: Marks): string {
  return `bulkhead-canary-${nonce.slice(-24)}`;
}

/** Names that OpenClaw takes in /tmp for a user (openclaw 2026.9.6). */
function lockOf({ decoyUid }: Marks): string {
  return `/tmp/openclaw-state-locks-${decoyUid}`;
}

function homeOf({ decoyUid }: Marks): string {
  return `/tmp/openclaw-${decoyUid}`;
}

/** Never 0, which means a private segment. */
function memoryKeyOf({ nonce }: Marks): number {
  return (Number.parseInt(nonce.slice(-7), 16) || 1) + 0x1000_0000;
}

function decoyOf({ paths }: Blueprint, marks: Marks): HolderRequest['decoy'] {
  const directory = `${paths.tmp}/.bulkhead-decoy-${marks.nonce.slice(-16)}`;
  // The path of a socket has 107 characters at most: a tenant's own directory may take them all.
  const socket = `/tmp/.bulkhead-${marks.nonce.slice(-16)}.sock`;
  return { directory, socket, stateDir: `${directory}/state`, nonce: marks.decoyNonce };
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

function range(first: number, length: number): number[] {
  return Array.from({ length }, (_, index) => first + index);
}
