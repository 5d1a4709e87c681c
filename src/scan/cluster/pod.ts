/** One gateway in a pod, in the words that the scan uses for a container: what it is started with, mounts, may do. Pure. */
import type { ContainerFact } from '../../core/container-facts.ts';
import { inPart, known, unknown, type Known } from '../../core/facts.ts';
import { MASKING } from '../../openclaw/credentials/masking-rules.ts';
import { makeMasker } from '../../openclaw/masking.ts';
import { isObject, type Json } from '../../openclaw/merge.ts';
import { resolveLaunch } from '../../openclaw/resolve.ts';
import { outsideWords } from '../containers.ts';
import type { LookedAt } from '../merge.ts';
import type { RunsAs } from '../sighting.ts';
import type { Container } from './objects.ts';
import type { ClusterSeen, Workload } from './read-cluster.ts';
import { fileSource, mountsOf, secretUses, type SecretUse } from './volumes.ts';
import { variablesOf, type PodVariables } from './variables.ts';

export interface PodSeen {
  readonly looked: LookedAt;
  readonly fact: Known<ContainerFact>;
  readonly variables: PodVariables;
  readonly secrets: readonly SecretUse[];
  /** Name of its node; empty: it may be on any. */
  readonly node: string;
  /** Where its ports are: one name for all containers of a pod, `host` on the network of a node. */
  readonly namespace: string;
  readonly user: Known<{ readonly name: string; readonly uid?: number; readonly gid?: number }>;
}

export interface PodInput {
  readonly workload: Workload;
  readonly container: Container;
  readonly cluster: ClusterSeen;
  readonly networks: { readonly networks: readonly string[]; readonly isHeldBack: boolean };
  readonly node: string;
  readonly key: string;
  /** JSON or JSON5; throws without quoting the text. */
  readonly parse: (text: string, file: string) => unknown;
}

export function podOf({ workload, container, cluster, networks, node, key, parse }: PodInput): PodSeen {
  const where = whereOf(workload, container, cluster);
  const variables = variablesOf(workload, container, cluster, key);
  const mounts = mountsOf(workload, container, node);
  const argv = [...(container.command ?? []), ...(container.args ?? [])];
  const inside = { name: nameOf(workload, container), argv, variables: variables.variables, directory: container.workingDir || '/' };
  const outside = outsideWords(inside, mounts);
  const runsAs = runsAsOf(workload, container);
  const podName = `pod ${workload.namespace}/${workload.kind}/${workload.name}`;
  const fact: ContainerFact = {
    engine: 'kubernetes',
    name: inside.name,
    image: container.image ?? '',
    ...confinement(workload),
    mounts: distinct([...mounts, ...besides(workload, container).flatMap((one) => mountsOf(workload, one, node))]),
    networks: [...networks.networks, ...(workload.gateways.length > 1 ? [podName] : [])],
  };
  const doubts = [
    ...(workload.kind === 'pod' ? [] : ['its pods may be more than their template says']),
    ...(cluster.policies.known ? [] : [cluster.policies.why]),
    ...(networks.isHeldBack ? ['a network policy counts only where the cluster’s network keeps to it, which its API does not tell'] : []),
    ...(hasSeccomp(workload) ? [] : ['it names no seccomp profile: whether its node has a default is not told']),
  ];
  const sighting: LookedAt['sighting'] = {
    kind: 'pod',
    where,
    names: namesOf(workload, container),
    ...(runsAs === undefined ? {} : { runsAs }),
    launch: known(outside.launch, where),
    variables: known(outside.variables, where),
    toHost: outside.toHost,
    container: { id: '', fact, running: workload.pods.some(({ status }) => status?.phase === 'Running') },
  };
  const resolved = resolveLaunch(outside.launch);
  const text = configOf(workload, container, cluster, { file: outside.insideConfig, where, key, parse });
  return {
    looked: { sighting, looked: known({ resolved, state: resolved.stateDir, config: resolved.configPath, text }, where) },
    fact: doubts.length === 0 ? known(fact, where) : inPart(fact, where, doubts.join('; ')),
    variables,
    secrets: secretUses(workload, container),
    node,
    namespace: workload.spec.hostNetwork === true ? (node === '' ? 'host' : `node ${node}`) : podName,
    user: userOf(workload, runsAs, { where, node }),
  };
}

export function nameOf({ namespace, kind, name, gateways }: Workload, container: Container): string {
  return `${namespace}/${kind}/${name}${gateways.length > 1 ? `/${container.name}` : ''}`;
}

function whereOf({ kind, namespace, name, owners, gateways, spec }: Workload, container: Container, cluster: ClusterSeen): string {
  const one = gateways.length > 1 ? `, container ${container.name}` : '';
  const runtime = (spec.runtimeClassName ?? '') === '' ? '' : `, runtime class ${spec.runtimeClassName}`;
  return `${kind} ${namespace}/${name}${one} of cluster ${cluster.name}${owners.length === 0 ? '' : `, of ${owners.join(' of ')}`}${runtime}`;
}

/** A workload that is merely called openclaw says nothing: its namespace does. */
function namesOf({ namespace, name, gateways }: Workload, container: Container): readonly string[] {
  const own = name.replace(/^(?:openclaw|gateway)-?/, '').replace(/-?(?:openclaw|gateway)$/, '');
  const plain = own === '' ? namespace : own;
  return [gateways.length > 1 ? `${plain}-${container.name}` : plain];
}

/** Containers beside it that run as long as it does: they have its network and its volumes. */
function besides({ spec }: Workload, container: Container): readonly Container[] {
  const lasting = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  return [...(spec.containers ?? []), ...lasting].filter((one) => one !== container);
}

type Confinement = Pick<ContainerFact, 'privileged' | 'capAdd' | 'mayGainPrivileges' | 'hostNamespaces' | 'unconfined'>;

/** Of the pod: whatever one of its containers may, the others reach. */
function confinement({ spec, annotations }: Workload): Confinement {
  const all = besides({ spec } as Workload, {} as Container).map(({ securityContext }) => securityContext ?? {});
  const shared = { pid: spec.hostPID, ipc: spec.hostIPC, net: spec.hostNetwork };
  const isOff = (profile: 'seccompProfile' | 'appArmorProfile'): boolean =>
    all.some((one) => (one[profile] ?? spec.securityContext?.[profile])?.type === 'Unconfined');
  const byAnnotation = Object.entries(annotations).some(
    ([name, value]) => name.startsWith('container.apparmor.security.beta') && value === 'unconfined',
  );
  return {
    privileged: all.some(({ privileged }) => privileged === true),
    capAdd: [...new Set(all.flatMap(({ capabilities }) => capabilities?.add ?? []))],
    mayGainPrivileges: all.some(({ allowPrivilegeEscalation }) => allowPrivilegeEscalation !== false),
    hostNamespaces: Object.entries(shared).flatMap(([kind, isShared]) => (isShared === true ? [kind] : [])),
    unconfined: [...(isOff('seccompProfile') ? ['seccomp'] : []), ...(isOff('appArmorProfile') || byAnnotation ? ['apparmor'] : [])],
  };
}

function hasSeccomp({ spec }: Workload): boolean {
  return (spec.containers ?? []).every(({ securityContext }) => (securityContext?.seccompProfile ?? spec.securityContext?.seccompProfile)?.type);
}

function runsAsOf({ spec }: Workload, { securityContext }: Container): RunsAs | undefined {
  const uid = securityContext?.runAsUser ?? spec.securityContext?.runAsUser;
  const gid = securityContext?.runAsGroup ?? spec.securityContext?.runAsGroup ?? 0;
  // In a user namespace of its own the numbers are nobody else's.
  return uid === null || uid === undefined || spec.hostUsers === false ? undefined : { uid, gid, groups: [] };
}

function userOf({ spec }: Workload, runsAs: RunsAs | undefined, { where, node }: { readonly where: string; readonly node: string }): PodSeen['user'] {
  if (spec.hostUsers === false) return known({ name: `a user of its own namespace, ${where}` }, where);
  if (runsAs === undefined) return unknown(`${where} does not say which user it runs as: its image does`);
  const { uid, gid } = runsAs;
  // On a node of its own it is nobody else's user; root stays root.
  return known({ name: `uid ${uid}${node === '' ? '' : ` of node ${node}`}`, ...(node === '' || uid === 0 ? { uid, gid } : {}) }, where);
}

/** Its config where a ConfigMap is it; what lies in a volume or a Secret is not read. */
function configOf(
  workload: Workload,
  container: Container,
  { configMaps }: ClusterSeen,
  { file, where, key, parse }: { readonly file: string; readonly where: string; readonly key: string; readonly parse: PodInput['parse'] },
): Known<Readonly<Json>> {
  const source = fileSource(workload, container, file);
  if (source === undefined) return unknown(`${file} of ${where} lies in a volume or in its container, which a scan does not read`);
  if ('secret' in source) return unknown(`${file} of ${where} lies in the Secret ${source.secret}, which a scan does not read`);
  const data = configMaps.get(source.configMap);
  if (data === undefined || !data.known) return unknown(data?.why ?? `configmap ${source.configMap} was not looked at`);
  const text = data.value[source.key];
  if (text === undefined) return unknown(`configmap ${source.configMap} has no key ${source.key}`);
  try {
    const config = makeMasker(key, MASKING).config(parse(text, `${source.key} of configmap ${source.configMap}`));
    return known(isObject(config) ? config : {}, `configmap:${source.configMap}#${source.key}`);
  } catch (error) {
    return unknown(error instanceof Error ? error.message : `configmap ${source.configMap} could not be read`);
  }
}

function distinct<T>(items: readonly T[]): readonly T[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}
