/** What a container engine says of a container. Source: `docker inspect` of Docker 20.10, `podman inspect` of Podman 4.3, both seen by running them. */
import * as v from 'valibot';
import type { ContainerFact } from '../core/container-facts.ts';
import { BulkheadError } from '../core/error.ts';
import { known, unknown, type Known } from '../core/facts.ts';
import type { BoundaryDetails, Host } from '../core/host.ts';
import { reason } from './subject.ts';

const ENGINES = ['docker', 'podman'] as const;
const NOT_FOUND = 127;

const text = v.nullish(v.string(), '');
const texts = v.nullish(v.array(v.string()), []);
const inspected = v.object({
  Name: v.string(),
  ImageName: text,
  /** Podman, of one that was started with --rootfs. */
  Rootfs: text,
  /** Podman. */
  OCIRuntime: text,
  Config: v.object({ Image: text }),
  HostConfig: v.object({
    /** Docker; Podman says `oci` here. */
    Runtime: text,
    Privileged: v.nullish(v.boolean(), false),
    CapAdd: texts,
    SecurityOpt: texts,
    PidMode: text,
    IpcMode: text,
    NetworkMode: text,
    UTSMode: text,
    UsernsMode: text,
    PortBindings: v.nullish(v.record(v.string(), v.nullish(v.array(v.object({ HostIp: text, HostPort: text })), [])), {}),
    PublishAllPorts: v.nullish(v.boolean(), false),
  }),
  NetworkSettings: v.nullish(v.object({ Networks: v.nullish(v.record(v.string(), v.unknown()), {}) }), {}),
  Mounts: v.nullish(v.array(v.object({ Source: text, Destination: v.string(), RW: v.nullish(v.boolean(), true) })), []),
});

/** The one container of an `inspect`; unknown when it is anything else. */
export function parseInspect(engine: (typeof ENGINES)[number], stdout: string): Known<ContainerFact> {
  let said: unknown;
  try {
    said = JSON.parse(stdout);
  } catch {
    return unknown(`${engine} inspect printed no JSON`);
  }
  const parsed = v.safeParse(v.strictTuple([inspected]), said);
  if (!parsed.success) return unknown(`${engine} inspect answered in an unexpected shape`);
  const [{ Name, ImageName, Rootfs, OCIRuntime, Config, HostConfig, NetworkSettings, Mounts }] = parsed.output;
  const { Privileged, CapAdd, SecurityOpt, PidMode, IpcMode, NetworkMode, UTSMode, UsernsMode, PortBindings } = HostConfig;
  const runtime = OCIRuntime === '' ? HostConfig.Runtime : OCIRuntime;
  const modes = { pid: PidMode, ipc: IpcMode, net: NetworkMode, uts: UTSMode, userns: UsernsMode };
  const options = SecurityOpt.map((option) => option.toLowerCase().replace(':', '='));
  const fact: ContainerFact = {
    engine,
    name: Name.replace(/^\//, ''),
    image: [Config.Image, ImageName, Rootfs].find((name) => name !== '') ?? '',
    ...(runtime === '' || runtime === 'oci' ? {} : { runtime }),
    privileged: Privileged,
    capAdd: CapAdd,
    mayGainPrivileges: !options.some((option) => /^no-new-privileges(?:=true)?$/.test(option)),
    hostNamespaces: Object.entries(modes).flatMap(([name, mode]) => (mode === 'host' || mode.startsWith('container:') ? [name] : [])),
    unconfined: [
      ...['seccomp', 'apparmor'].filter((filter) => options.includes(`${filter}=unconfined`)),
      ...(options.includes('label=disable') ? ['selinux'] : []),
    ],
    mounts: Mounts.map(({ Source, Destination, RW }) => ({ source: Source, target: Destination, writable: RW })),
    networks: networksOf(NetworkMode, Object.keys(NetworkSettings.Networks ?? {})),
    published: [
      ...Object.values(PortBindings ?? {}).flatMap((bindings) =>
        (bindings ?? []).map(({ HostIp, HostPort }) => ({ address: HostIp, port: HostPort })),
      ),
      ...(HostConfig.PublishAllPorts ? [{ address: '', port: '' }] : []),
    ],
  };
  return known(fact, `${engine} inspect`);
}

/** A network that is lent counts by the name of its mode; `none` is no network. */
function networksOf(mode: string, named: readonly string[]): readonly string[] {
  const lent = mode === 'host' || mode.startsWith('container:') ? [mode] : [];
  return [...new Set([...lent, ...named])].filter((name) => name !== 'none').toSorted();
}

/** Asks each engine that is there; unknown with what each of them said. */
export async function inspectContainer(host: Host, id: string, signal: AbortSignal): Promise<Known<ContainerFact>> {
  const said: string[] = [];
  for (const engine of ENGINES) {
    try {
      const title = `ask ${engine} for container ${id.slice(0, 12)}`;
      const { exit, stdout, stderr } = await host.run({ title, argv: [engine, 'inspect', '--type', 'container', id], timeoutMs: 20_000 }, signal);
      if (exit === 0) return parseInspect(engine, stdout);
      said.push(`${engine}: ${exit === NOT_FOUND ? 'not there' : (stderr.trim().split('\n').at(-1) ?? '').slice(0, 120)}`);
    } catch (error) {
      said.push(`${engine}: ${reason(error, signal).slice(0, 120)}`);
    }
  }
  return unknown(`it runs in container ${id.slice(0, 12)}, and no engine tells about it (${said.join('; ')})`);
}

/**
 * Asks an engine that is a tenant's own, `asks` being the command line before its words, for the one container that it has. What it takes for the
 * host's network is the tenant's: which namespaces the gateway has in common with the host is told by the kernel. Docker starts no directory: there it
 * is the one whose `usr` is mounted.
 */
export async function inspectOwn(
  host: Host,
  { engine, argv: asks }: NonNullable<BoundaryDetails['askEngine']>,
  signal: AbortSignal,
): Promise<Known<ContainerFact>> {
  const ask = async (title: string, argv: readonly string[]): Promise<string> => {
    const [program = '', ...words] = argv;
    const { exit, stdout, stderr } = await host.run({ title, argv: [program, ...words], timeoutMs: 20_000 }, signal);
    if (exit !== 0)
      throw new BulkheadError('host', `could not ${title}: ${(stderr.trim().split('\n').at(-1) ?? '').slice(0, 120)}`, 'look at the host');
    return stdout;
  };
  try {
    const id = (await ask('list its containers', [...asks, 'container', 'ls', '--quiet'])).trim();
    const fact = parseInspect(engine, await ask('ask its engine', [...asks, 'inspect', '--type', 'container', id]));
    if (!fact.known) return fact;
    const { image, hostNamespaces, ...said } = fact.value;
    const [, mounted] = /^(.*)\/usr$/.exec(said.mounts.find(({ target }) => target === '/usr')?.source ?? '') ?? [];
    const path = engine === 'docker' ? (mounted ?? image) : image;
    const [, uid, mode] = /^(\d+) ([0-7]+)$/.exec((await ask('look at its root', ['stat', '--format=%u %a', '--', path])).trim()) ?? [];
    const root = { path, uid: Number(uid), mode: Number.parseInt(mode ?? '', 8) };
    return known(
      { ...said, ownEngine: true as const, image: path, root, hostNamespaces: hostNamespaces.filter((name) => name !== 'net'), networks: [] },
      `${engine} inspect, as the engine’s own user`,
    );
  } catch (error) {
    return unknown(`it runs in a container of its own engine, which does not tell about it (${reason(error, signal).slice(0, 200)})`);
  }
}
