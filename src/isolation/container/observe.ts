/** Everything of a tenant's container: what the kernel knows, as of an `os-user` boundary, and what the engine says. */
import type { Blueprint, Layout } from '../../core/blueprint.ts';
import type { BoundaryDetails, Host } from '../../core/host.ts';
import type { Engine, TenantId } from '../../core/words.ts';
import { runSelfContained } from '../../hosts/run-program.ts';
import { sibling } from '../../hosts/self-contained.ts';
import { locateOsUsers, observeOsUser } from '../os-user/observe.ts';
import type { OsUserObserved } from '../os-user/observer.ts';
import { chooseEngine, enginesOf } from './engine.ts';
import { imageRecord } from './image.ts';
import { containerName, MARK_LABEL } from './names.ts';
import type { ContainerRequest, ContainerSeen, EngineSeen, NetworkSeen, RuntimeSeen } from './observer.ts';
import { imageRoots } from './rootless.ts';
import type { RootlessRequest, RootlessSeen } from './rootless-observer.ts';

export interface ContainerObserved {
  readonly engine: Engine;
  /** `boundary`: the container, where it runs and carries a mark. */
  readonly base: OsUserObserved;
  readonly image: string | null;
  readonly imageThere: boolean;
  readonly container: ContainerSeen | null;
  readonly network: NetworkSeen | null;
  /** With what the engine can start containers, where the tenant's is declared. */
  readonly runtimes?: Readonly<Record<string, RuntimeSeen>>;
  /** Where the engine runs as the tenant's own user: then nothing is known of containers but what the kernel tells of the boundary. */
  readonly rootless?: RootlessSeen;
}

export async function observeContainer(blueprint: Blueprint, layout: Layout, host: Host, signal: AbortSignal): Promise<ContainerObserved> {
  const engine = await engineOf(blueprint, host, signal);
  const name = containerName(blueprint);
  if (blueprint.rootless === true) return await observeRootless(blueprint, layout, { engine, host }, signal);
  const [base, seen] = await Promise.all([
    observeOsUser(blueprint, layout, host, signal),
    askEngine(
      {
        engine,
        names: [name],
        label: MARK_LABEL,
        record: imageRecord(layout),
        ...(blueprint.runtime === undefined ? {} : { runtimes: true as const }),
      },
      blueprint,
      host,
      signal,
    ),
  ]);
  const container = seen.containers[name] ?? null;
  const boundary = container === null || container.pid === 0 ? null : { pid: container.pid, joins: container.joins };
  const { image, imageThere, runtimes } = seen;
  const network = seen.networks[name] ?? null;
  return { engine, base: { ...base, boundary }, image, imageThere, container, network, ...(runtimes === undefined ? {} : { runtimes }) };
}

async function observeRootless(
  blueprint: Blueprint,
  layout: Layout,
  { engine, host }: { readonly engine: Engine; readonly host: Host },
  signal: AbortSignal,
): Promise<ContainerObserved> {
  const program = sibling(import.meta.url, 'rootless-observer');
  // Hidden behind the engine's own memory where it runs, and by nothing else.
  const request: RootlessRequest = { record: imageRecord(layout), roots: imageRoots(layout), place: layout.runDir };
  const title = `look at the rootless engine of ${blueprint.tenant}`;
  const [base, rootless] = await Promise.all([
    observeOsUser(blueprint, layout, host, signal),
    runSelfContained<RootlessSeen>(host, { program, request, node: blueprint.install.node, title }, signal),
  ]);
  const { image, imageThere } = rootless;
  return { engine, base, image, imageThere, container: null, network: null, rootless };
}

/** What `details` tells of many tenants, by two questions to each engine. */
export async function locateContainers(
  blueprints: readonly Blueprint[],
  host: Host,
  signal: AbortSignal,
): Promise<ReadonlyMap<TenantId, BoundaryDetails>> {
  const users = await locateOsUsers(blueprints, host, signal);
  const rootful = blueprints.filter(({ rootless }) => rootless !== true);
  const there = await enginesOf(host, signal);
  const pids = new Map<string, number>();
  for (const engine of there) {
    const of = rootful.filter((blueprint) => chooseEngine(there, blueprint.engine, blueprint.tenant) === engine);
    const [first] = of;
    if (first === undefined) continue;
    const request = { engine, names: of.map(containerName), label: MARK_LABEL, record: '/nonexistent' };
    const { containers } = await askEngine(request, first, host, signal);
    for (const [name, { pid, mark }] of Object.entries(containers)) if (pid !== 0 && mark !== null) pids.set(name, pid);
  }
  return new Map(
    blueprints.map((blueprint) => {
      const seen = users.get(blueprint.tenant) ?? {};
      if (blueprint.rootless === true) return [blueprint.tenant, seen];
      const pid = pids.get(containerName(blueprint));
      const { uid, gid } = seen;
      const user = uid === undefined || gid === undefined ? {} : { uid, gid };
      return [blueprint.tenant, pid === undefined ? user : Object.assign({ pid }, user)];
    }),
  );
}

async function engineOf(blueprint: Blueprint, host: Host, signal: AbortSignal): Promise<Engine> {
  return chooseEngine(await enginesOf(host, signal), blueprint.engine, `${blueprint.tenant} on ${host.id}`);
}

async function askEngine(request: ContainerRequest, { tenant, install }: Blueprint, host: Host, signal: AbortSignal): Promise<EngineSeen> {
  const program = sibling(import.meta.url, 'observer');
  return await runSelfContained<EngineSeen>(host, { program, request, node: install.node, title: `ask ${request.engine} about ${tenant}` }, signal);
}
