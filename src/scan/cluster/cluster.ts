/** Gateways in a Kubernetes cluster: found by what its API tells, and judged by the checks of all others. Only reads; no Secret, nothing in a pod. */
import type { Blueprint, Layout } from '../../core/blueprint.ts';
import { unknown, type HostFacts, type TenantFacts } from '../../core/facts.ts';
import type { Trust } from '../../core/words.ts';
import { parseConfig } from '../../observe/tenant-collector.ts';
import { reason } from '../../observe/subject.ts';
import { blockOf } from '../../openclaw/ports.ts';
import { resolveLaunch } from '../../openclaw/resolve.ts';
import { readSettings } from '../../openclaw/settings/index.ts';
import type { Scanning, Source } from '../discover.ts';
import { foundBlueprint } from '../found-blueprint.ts';
import type { Gateway } from '../merge.ts';
import { standingOf, type Standing } from '../rung.ts';
import { podFacts, clusterHost } from './pod-facts.ts';
import { nameOf, podOf, type PodSeen } from './pod.ts';
import { networksOf, type Endpoint } from './policies.ts';
import { readCluster, type ClusterSeen, type Workload } from './read-cluster.ts';
import type { Container } from './objects.ts';

export interface ClusterFound {
  readonly source: Source;
  readonly pods: readonly PodSeen[];
  /** The host that its gateways are on: `cluster prod`. */
  readonly host: string;
  readonly storage: ClusterSeen['storage'];
}

const WHAT = 'Kubernetes';

/** `kubeconfig`: an absolute path, or undefined where none was given. */
export async function lookAtCluster(scanning: Scanning, kubeconfig: string | undefined): Promise<ClusterFound> {
  const nothing = (state: Source['state'], detail: string): ClusterFound => ({
    source: { what: WHAT, state, detail },
    pods: [],
    host: '',
    storage: unknown(detail),
  });
  if (kubeconfig === undefined) return nothing('not-tried', 'no --kubeconfig was given');
  const { host, signal, key, openclaw } = scanning;
  try {
    const cluster = await readCluster({ host, kubeconfig, signal });
    const pods = podsOf(cluster, { key, parse: (text, file) => parseConfig(text, file, openclaw) });
    const { problems, name } = cluster;
    const none = problems.length === 0 ? `cluster ${name} lists no gateway` : `no gateway was seen in cluster ${name}`;
    const found = pods.length === 0 ? none : `${pods.length} gateways in cluster ${name}`;
    const detail = problems.length === 0 ? found : `${found}; ${[...new Set(problems)].slice(0, 20).join('; ')}`;
    return {
      source: { what: WHAT, state: problems.length === 0 ? 'looked' : 'partly', detail },
      pods,
      host: `cluster ${name}`,
      storage: cluster.storage,
    };
  } catch (error) {
    return nothing('partly', reason(error, signal).slice(0, 300));
  }
}

function podsOf(
  cluster: ClusterSeen,
  { key, parse }: { readonly key: string; readonly parse: (text: string, file: string) => unknown },
): readonly PodSeen[] {
  const all = cluster.workloads.flatMap((workload) =>
    workload.gateways.map((container) => ({ workload, container, name: nameOf(workload, container) })),
  );
  // Nodes tell gateways apart only where none of them may be on any.
  const arePinned = all.every(({ workload }) => pinnedTo(workload) !== '');
  const policies = cluster.policies.known ? cluster.policies.value : [];
  const endpoints = all.map(({ workload, container, name }) => endpointOf(workload, container, name));
  const networks = cluster.policies.known ? networksOf(endpoints, policies, cluster.namespaces) : new Map();
  return all.map(({ workload, container, name }) =>
    podOf({
      workload,
      container,
      cluster,
      networks: networks.get(name) ?? { networks: workload.spec.hostNetwork === true ? ['host'] : [], isHeldBack: false },
      node: arePinned ? pinnedTo(workload) : '',
      key,
      parse,
    }),
  );
}

function pinnedTo({ spec }: Workload): string {
  return spec.nodeSelector?.['kubernetes.io/hostname'] ?? spec.nodeName ?? '';
}

function endpointOf({ namespace, labels, pods, spec }: Workload, { args, command, env }: Container, id: string): Endpoint {
  const environment = Object.fromEntries((env ?? []).map(({ name, value }) => [name, value ?? '']));
  const argv = [...(command ?? []), ...(args ?? [])];
  const said = resolveLaunch({ argv, environment: {}, osHome: '/', directory: '/' }).portArgument;
  const base = said ?? readSettings({ config: {}, environment }).network.port.value;
  const named = (spec.containers ?? []).flatMap(({ ports }) => ports ?? []);
  return {
    id,
    namespace,
    labels,
    addresses: pods.flatMap(({ status }) => (status?.podIPs ?? []).flatMap(({ ip }) => ip || [])),
    ports: [blockOf(base), ...named.map(({ name, containerPort }) => ({ first: containerPort, last: containerPort, ...(name ? { name } : {}) }))],
    onNode: spec.hostNetwork === true,
  };
}

export interface ClusterGateway {
  readonly gateway: Gateway;
  readonly standing: Standing;
  readonly blueprint: Blueprint;
}

export interface Naming {
  readonly trust: Trust;
  readonly layout: Layout;
  readonly day: string;
}

/** `gateways`: those of its pods, under the ids that they got among all. */
export function judgeable(
  { pods, host, storage }: ClusterFound,
  gateways: readonly Gateway[],
  { trust, layout, day }: Naming,
): {
  readonly found: readonly ClusterGateway[];
  readonly facts: { readonly hosts: readonly HostFacts[]; readonly tenants: readonly TenantFacts[] };
} {
  if (gateways.length === 0) return { found: [], facts: { hosts: [], tenants: [] } };
  const seen = new Map(pods.map((pod) => [pod.looked, pod]));
  const wholes = new Set(pods.flatMap(({ secrets }) => secrets.flatMap(({ secret, key }) => (key === undefined ? [secret] : []))));
  const around = { all: gateways, namespaces: {}, groups: [], sawAll: false };
  const found = gateways.map((gateway) => {
    const standing = standingOf(gateway, around);
    const blueprint = foundBlueprint({ gateway, rung: standing.rung, host, trust, layout, day });
    return { gateway, standing, blueprint };
  });
  const tenants = found.flatMap(({ gateway, standing: { rung }, blueprint }) => {
    const pod = seen.get(gateway.main);
    return pod === undefined ? [] : [podFacts({ gateway, rung, blueprint, pod, wholes, storage })];
  });
  return { found, facts: { hosts: [clusterHost(host)], tenants } };
}
