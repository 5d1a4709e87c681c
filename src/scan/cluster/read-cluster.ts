/** Reads what a cluster says of gateways: workloads with their pods, the operator's resources above them, network policies, configs. No Secret. */
import * as v from 'valibot';
import { known, unknown, type Known } from '../../core/facts.ts';
import { isGatewayCommand, isOpenclawImage } from '../../openclaw/discovery.ts';
import { reason } from '../../observe/subject.ts';
import { clusterAt, type Asking, type Cluster } from './ask.ts';
import { ConfigMap, Controller, Groups, Named, PersistentVolume, Pod, Policy, Resources, type Container, type PodSpec } from './objects.ts';
import { storageOf } from './volumes.ts';

/** What makes pods; a pod that nothing makes counts itself. */
export interface Workload {
  /** `deployment`, …, `pod`. */
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: PodSpec;
  /** Claims that a StatefulSet makes: of the volume's name. */
  readonly claims: readonly string[];
  /** Resources of an operator that it belongs to: `openclawinstances.openclaw.rocks clients/acme`. */
  readonly owners: readonly string[];
  readonly pods: readonly Pod[];
  /** The containers that are gateways. */
  readonly gateways: readonly Container[];
}

export interface ClusterSeen {
  readonly name: string;
  readonly workloads: readonly Workload[];
  readonly policies: Known<readonly Policy[]>;
  /** Labels by the name of a namespace. */
  readonly namespaces: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** `namespace/claim` → what lies behind it, in words that inline volumes have too; unknown where it may not be asked. */
  readonly storage: Known<ReadonlyMap<string, string>>;
  /** By `namespace/name`: those that a gateway uses. */
  readonly configMaps: ReadonlyMap<string, Known<Readonly<Record<string, string>>>>;
  /** What was out of sight. */
  readonly problems: readonly string[];
}

const APPS = ['deployments', 'statefulsets', 'daemonsets', 'replicasets'] as const;
const MOST_GATEWAYS = 1000;

export async function readCluster(asking: Asking): Promise<ClusterSeen> {
  const cluster = await clusterAt(asking);
  const problems: string[] = [];
  const attempt = async <T>(work: () => Promise<T>, otherwise: T): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      problems.push(reason(error, asking.signal).slice(0, 300));
      return otherwise;
    }
  };
  const listed = async <const T extends v.GenericSchema>(group: string, resource: string, shape: T): Promise<v.InferOutput<T>[]> => {
    const { items, unseen } = await cluster.list(group, resource);
    const read = items.map((item) => v.safeParse(shape, item));
    const bad = read.filter(({ success }) => !success).length;
    problems.push(...(unseen === undefined ? [] : [unseen]), ...(bad === 0 ? [] : [`${bad} ${resource} are described in an unexpected shape`]));
    return read.flatMap((one) => (one.success ? [one.output] : []));
  };
  const resources = await attempt(async () => await operatorResources(cluster, listed), []);
  const controllers: Made[] = [];
  for (const kind of APPS)
    for (const one of await attempt(async () => await listed('/apis/apps/v1', kind, Controller), [])) controllers.push(ofController(kind, one));
  const pods = await attempt(async () => await listed('/api/v1', 'pods', Pod), []);
  const found = workloadsOf(controllers, pods, resources);
  problems.push(...found.problems);
  const workloads = found.workloads.slice(0, MOST_GATEWAYS);
  if (found.workloads.length > workloads.length) problems.push(`there are more than ${MOST_GATEWAYS} gateways; the rest was not looked at`);
  if (workloads.length === 0) {
    const nothing = { policies: known([], ''), namespaces: new Map(), configMaps: new Map(), storage: known(new Map(), '') };
    return { name: cluster.name, workloads, ...nothing, problems };
  }
  const policies = await attempt<Known<readonly Policy[]>>(
    async () => known(await listed('/apis/networking.k8s.io/v1', 'networkpolicies', Policy), 'networkpolicies'),
    unknown('its network policies could not be read'),
  );
  const namespaces = await attempt(async () => await listed('/api/v1', 'namespaces', Named), []);
  const storage = await attempt<Known<ReadonlyMap<string, string>>>(
    async () => known(storageOf(await listed('/api/v1', 'persistentvolumes', PersistentVolume)), 'persistentvolumes'),
    unknown('what lies behind its claims may not be asked'),
  );
  const configMaps = new Map<string, Known<Readonly<Record<string, string>>>>();
  for (const name of new Set(workloads.flatMap(configMapsOf))) configMaps.set(name, await configMapOf(cluster, name, asking.signal));
  for (const one of configMaps.values()) if (!one.known) problems.push(one.why);
  return {
    name: cluster.name,
    workloads,
    policies,
    namespaces: new Map(namespaces.map(({ metadata: { name, labels } }) => [name, labels ?? {}])),
    storage,
    configMaps,
    problems,
  };
}

interface OperatorResource {
  readonly uid: string;
  readonly where: string;
  readonly owner?: string;
}

type Listed = <const T extends v.GenericSchema>(group: string, resource: string, shape: T) => Promise<v.InferOutput<T>[]>;

async function operatorResources(cluster: Cluster, listed: Listed): Promise<readonly OperatorResource[]> {
  const found: OperatorResource[] = [];
  for (const { name, preferredVersion } of (await cluster.get('/apis', Groups)).groups.filter((group) => group.name.includes('openclaw'))) {
    const group = `/apis/${preferredVersion.groupVersion}`;
    const { resources } = await cluster.get(group, Resources);
    for (const resource of resources.filter((one) => one.namespaced && !one.name.includes('/'))) {
      for (const { metadata } of await listed(group, resource.name, Named)) {
        const owner = controllerOf(metadata);
        const where = `${resource.name}.${name} ${metadata.namespace ?? ''}/${metadata.name}`;
        found.push({ uid: metadata.uid ?? '', where, ...(owner === undefined ? {} : { owner }) });
      }
    }
  }
  return found;
}

function controllerOf({ ownerReferences }: Named['metadata']): string | undefined {
  const owners = ownerReferences ?? [];
  const uid = (owners.find(({ controller }) => controller === true) ?? owners[0])?.uid;
  return uid === '' ? undefined : (uid ?? undefined);
}

type Made = Omit<Workload, 'owners' | 'pods' | 'gateways'> & { readonly uid: string; readonly owner: string | undefined };

function ofController(resource: string, { metadata, spec }: Controller): Made {
  return {
    kind: resource.replace(/s$/, ''),
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    labels: spec.template.metadata?.labels ?? {},
    annotations: spec.template.metadata?.annotations ?? {},
    spec: spec.template.spec,
    claims: (spec.volumeClaimTemplates ?? []).map((claim) => claim.metadata.name),
    uid: metadata.uid ?? '',
    owner: controllerOf(metadata),
  };
}

function ofPod({ metadata, spec }: Pod): Made {
  const { name, namespace, labels, annotations, uid } = metadata;
  const owner = controllerOf(metadata);
  // Where a pod runs that somebody makes anew is chance.
  const placed = owner === undefined ? spec : { ...spec, nodeName: '' };
  const common = { kind: 'pod', namespace: namespace ?? '', name, labels: labels ?? {}, annotations: annotations ?? {}, spec: placed, claims: [] };
  return { ...common, uid: uid ?? '', owner };
}

/** Whoever nothing else makes is told, with what it made; pods that ended are not. */
function workloadsOf(
  controllers: readonly Made[],
  pods: readonly Pod[],
  resources: readonly OperatorResource[],
): { readonly workloads: readonly Workload[]; readonly problems: readonly string[] } {
  const alive = pods.filter(({ status }) => status?.phase !== 'Succeeded' && status?.phase !== 'Failed');
  const made = [...controllers, ...alive.map(ofPod)];
  const byUid = new Map(made.map((one) => [one.uid, one]));
  const rootOf = (one: Made): Made => {
    let at = one;
    for (let step = 0; step < 10; step += 1) {
      const above = at.owner === undefined ? undefined : byUid.get(at.owner);
      if (above === undefined) break;
      at = above;
    }
    return at;
  };
  const podsOf = Map.groupBy(alive, (pod) => rootOf(byUid.get(pod.metadata.uid ?? '') ?? ofPod(pod)).uid);
  const ofOperator = new Map(resources.map((resource) => [resource.uid, resource]));
  const owning = new Set<string>();
  const told = new Set<string>();
  const workloads = made.flatMap((one): readonly Workload[] => {
    if (rootOf(one) !== one) return [];
    // Pods of a job, or of a controller that is not known here, are one gateway many times.
    if (one.kind === 'pod' && one.owner !== undefined && told.has(one.owner)) return [];
    if (one.owner !== undefined) told.add(one.owner);
    const owners = chainOf(one.owner, ofOperator);
    const gateways = gatewaysOf(one.spec, owners.length > 0);
    for (const { uid } of owners) owning.add(uid);
    const { uid, owner: _, ...rest } = one;
    return gateways.length === 0 ? [] : [{ ...rest, owners: owners.map(({ where }) => where), pods: podsOf.get(uid) ?? [], gateways }];
  });
  const idle = resources.filter(({ uid }) => !owning.has(uid)).map(({ where }) => where);
  const problems = idle.length === 0 ? [] : [`listed and not judged, for they own no workload that was seen: ${idle.slice(0, 20).join(', ')}`];
  return { workloads, problems };
}

function chainOf(owner: string | undefined, resources: ReadonlyMap<string, OperatorResource>): readonly OperatorResource[] {
  const first = owner === undefined ? undefined : resources.get(owner);
  const second = first?.owner === undefined ? undefined : resources.get(first.owner);
  return [first, second].filter((one) => one !== undefined);
}

/** By command or image; an operator may give its image any name. */
function gatewaysOf({ containers }: PodSpec, isOperators: boolean): readonly Container[] {
  const all = containers ?? [];
  const found = all.filter(({ image, command, args }) => isOpenclawImage(image ?? '') || isGatewayCommand([...(command ?? []), ...(args ?? [])]));
  return found.length === 0 && isOperators ? all.filter(({ name }) => /openclaw|gateway/.test(name)).slice(0, 1) : found;
}

/** Names of what a gateway's container reads its variables or its config from. */
function configMapsOf({ namespace, spec, gateways }: Workload): readonly string[] {
  const volumes = (spec.volumes ?? []).flatMap(({ configMap, projected }) => [configMap, ...(projected?.sources ?? []).map((one) => one.configMap)]);
  const variables = gateways.flatMap(({ env, envFrom }) => [
    ...(env ?? []).map(({ valueFrom }) => valueFrom?.configMapKeyRef),
    ...(envFrom ?? []).map(({ configMapRef }) => configMapRef),
  ]);
  return [...volumes, ...variables].flatMap((one) =>
    one?.name === undefined || one.name === null || one.name === '' ? [] : [`${namespace}/${one.name}`],
  );
}

async function configMapOf(cluster: Cluster, name: string, signal: AbortSignal): Promise<Known<Readonly<Record<string, string>>>> {
  const [namespace = '', own = ''] = name.split('/');
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/configmaps/${encodeURIComponent(own)}`;
  try {
    return known((await cluster.get(path, ConfigMap)).data ?? {}, `configmap ${name}`);
  } catch (error) {
    return unknown(`configmap ${name}: ${reason(error, signal).slice(0, 200)}`);
  }
}
