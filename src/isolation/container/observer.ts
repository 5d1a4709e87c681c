/** Runs on the tenants' host (Node on standard input, as root): what an engine says of one tenant's container and network. Decides nothing. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { joins } from '../os-user/locator.ts';

export interface ContainerRequest {
  readonly engine: string;
  /** Of containers and networks. */
  readonly names: readonly string[];
  readonly label: string;
  /** File that pins the image. */
  readonly record: string;
  /** Whether to ask with which programs it starts containers, too. */
  readonly runtimes?: true;
}

export interface ContainerSeen {
  readonly id: string;
  readonly mark: string | null;
  /** Of its first process, as the host numbers it; 0 while it does not run. */
  readonly pid: number;
  readonly joins: readonly string[];
  /** What the engine says that it was started with, e.g. `runc`; Podman says `oci`. */
  readonly runtime: string;
}

/** A program that an engine was told to start containers with, and its words before the engine's own. */
export interface RuntimeSeen {
  readonly path: string;
  readonly words: readonly string[];
}

export interface NetworkSeen {
  readonly mark: string | null;
  readonly driver: string;
  readonly bridge: string;
  readonly subnets: readonly { readonly subnet: string; readonly gateway: string }[];
}

export interface EngineSeen {
  /** The pinned image, and whether the engine has it. */
  readonly image: string | null;
  readonly imageThere: boolean;
  readonly containers: Readonly<Record<string, ContainerSeen>>;
  readonly networks: Readonly<Record<string, NetworkSeen>>;
  /** By name; absent where it was not asked. */
  readonly runtimes?: Readonly<Record<string, RuntimeSeen>>;
}

const PATH = '/usr/sbin:/usr/bin:/sbin:/bin';
/** A bridge of Docker's that nobody named has this and the first digits of its id. */
const BRIDGE_OPTION = 'com.docker.network.bridge.name';

type Json = Readonly<Record<string, unknown>>;

export async function main({ engine, names, label, record, runtimes }: ContainerRequest): Promise<EngineSeen> {
  const image = pinned(record);
  const [containers, networks, images, programs] = await Promise.all([
    look(engine, 'container', names),
    look(engine, 'network', names),
    image === null ? [] : listed(engine, ['image', 'ls', '--all', '--no-trunc', '--format', '{{.ID}}']),
    runtimes === true ? runtimesOf(engine) : undefined,
  ]);
  return {
    image,
    imageThere: images.some((id) => id.replace(/^sha256:/, '') === image?.replace(/^sha256:/, '')),
    containers: Object.fromEntries(containers.map((one) => containerOf(one, label))),
    networks: Object.fromEntries(networks.map((one) => networkOf(one, label))),
    ...(programs === undefined ? {} : { runtimes: programs }),
  };
}

/** Docker's words. One that it starts by a shim of containerd's has no path here. */
async function runtimesOf(engine: string): Promise<Readonly<Record<string, RuntimeSeen>>> {
  const said = JSON.parse(await run(engine, ['info', '--format', '{{json .Runtimes}}'])) as Readonly<Record<string, Json>>;
  return Object.fromEntries(
    Object.entries(said).map(([name, { path, runtimeArgs }]) => [
      name,
      { path: String(path ?? ''), words: ((runtimeArgs ?? []) as readonly unknown[]).map(String) },
    ]),
  );
}

/** Told once more by its list: an engine that does not answer fails here, and does not look like "there is none". */
async function look(engine: string, kind: 'container' | 'network', names: readonly string[]): Promise<readonly Json[]> {
  const all = kind === 'container' ? ['--all'] : [];
  const there = await listed(engine, [kind, 'ls', ...all, '--format', kind === 'container' ? '{{.Names}}' : '{{.Name}}']);
  const found = names.filter((name) => there.includes(name));
  if (found.length === 0) return [];
  return JSON.parse(await run(engine, [kind, 'inspect', ...found])) as readonly Json[];
}

async function listed(engine: string, args: readonly string[]): Promise<readonly string[]> {
  return (await run(engine, args)).split('\n').filter((line) => line !== '');
}

async function run(engine: string, args: readonly string[]): Promise<string> {
  const running = promisify(execFile)(engine, args, { encoding: 'utf8', env: { PATH, LC_ALL: 'C' }, timeout: 60_000, maxBuffer: 32 << 20 });
  running.child.stdin?.end();
  return (await running).stdout;
}

/** Throws for a record that holds anything else than a digest. */
export function pinned(record: string): string | null {
  try {
    const text = readFileSync(record, 'utf8').trim();
    if (/^sha256:[0-9a-f]{64}$/.test(text)) return text;
    throw new Error(`${record} holds no digest`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function part(from: Json, name: string): Json {
  return (from[name] ?? {}) as Json;
}

function markIn(of: Json, label: string): string | null {
  const mark = of[label];
  return typeof mark === 'string' ? mark : null;
}

function containerOf(said: Json, label: string): [string, ContainerSeen] {
  const state = part(said, 'State');
  const pid = state['Running'] === true ? Number(state['Pid'] ?? 0) : 0;
  const mark = markIn(part(part(said, 'Config'), 'Labels'), label);
  const runtime = String(part(said, 'HostConfig')['Runtime'] ?? '');
  return [String(said['Name']).replace(/^\//, ''), { id: String(said['Id']), mark, pid, joins: pid === 0 ? [] : joinsOf(pid), runtime }];
}

/** Gone meanwhile: no control group of it is left to join. */
function joinsOf(pid: number): readonly string[] {
  try {
    return joins(readFileSync(`/proc/${pid}/cgroup`, 'utf8'));
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}

/** Docker's words; a network of Podman's is never ours, and has no label in this place. */
function networkOf(said: Json, label: string): [string, NetworkSeen] {
  const subnets = ((part(said, 'IPAM')['Config'] ?? []) as readonly Json[]).map(({ Subnet, Gateway }) => ({
    subnet: String(Subnet),
    gateway: String(Gateway),
  }));
  const bridge = String(part(said, 'Options')[BRIDGE_OPTION] ?? '');
  const name = String(said['Name'] ?? said['name']);
  return [name, { mark: markIn(part(said, 'Labels'), label), driver: String(said['Driver']), bridge, subnets }];
}
