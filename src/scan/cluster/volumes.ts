/** What lies behind the paths of a pod's container: claims, directories of the node, configs, Secrets. Pure. */
import { holdsEngineSocket, type ContainerMount } from '../../core/container-facts.ts';
import { normalised } from '../../core/path-text.ts';
import type { Container, PersistentVolume, Volume } from './objects.ts';
import type { Workload } from './read-cluster.ts';

/** `/claim:clients/data/…` is one place wherever it is mounted; a path of a node only on that node. */
export function mountsOf(workload: Workload, { volumeMounts, volumeDevices }: Container, node: string): readonly ContainerMount[] {
  const sources = new Map((workload.spec.volumes ?? []).map((volume) => [volume.name, sourceOf(workload, volume, node)]));
  // What a StatefulSet claims goes before a volume of that name.
  for (const name of workload.claims) sources.set(name, { path: claimPath(workload.namespace, `${name}-${workload.name}-0`), writable: true });
  const devices = (volumeDevices ?? []).map(({ name, devicePath }) => ({
    name,
    mountPath: devicePath,
    subPath: '',
    subPathExpr: '',
    readOnly: false,
  }));
  return [...(volumeMounts ?? []), ...devices].flatMap(({ name, mountPath, subPath, subPathExpr, readOnly }) => {
    const source = sources.get(name);
    if (source === undefined) return [];
    const below = (subPath ?? '') === '' ? (subPathExpr ?? '') : (subPath ?? '');
    const path = below === '' ? source.path : normalised(`${source.path}/${below}`);
    return [{ source: path, target: normalised(mountPath), writable: source.writable && readOnly !== true }];
  });
}

interface Source {
  readonly path: string;
  readonly writable: boolean;
}

function sourceOf({ kind, namespace, name: workload }: Workload, volume: Volume, node: string): Source {
  const { name, persistentVolumeClaim: claim, hostPath, configMap, secret, nfs } = volume;
  if (claim) return { path: claimPath(namespace, claim.claimName), writable: claim.readOnly !== true };
  if (hostPath) return { path: nodePath(hostPath.path, node), writable: true };
  if (configMap) return { path: `/configmap:${namespace}/${configMap.name ?? ''}`, writable: false };
  if (secret) return { path: `/secret:${namespace}/${secret.secretName ?? ''}`, writable: false };
  if (nfs) return { path: normalised(`/nfs:${nfs.server}/${nfs.path}`), writable: true };
  // Anything else is made for the pod, or said to be.
  return { path: `/volume:${namespace}/${kind}/${workload}/${name}`, writable: true };
}

function claimPath(namespace: string, claim: string): string {
  return `/claim:${namespace}/${claim}`;
}

/** A socket of an engine, or the root, means the same on every node: it keeps the name that the checks know it by. */
function nodePath(path: string, node: string): string {
  const plain = normalised(path);
  return node === '' || plain === '/' || holdsEngineSocket(plain) ? plain : `/node:${node}${plain}`;
}

/** By `namespace/claim`: exports, directories of nodes and disks by the names that their volumes give them. */
export function storageOf(volumes: readonly PersistentVolume[]): ReadonlyMap<string, string> {
  return new Map(
    volumes.flatMap(({ spec }) => {
      const { claimRef, nfs, hostPath, local, csi } = spec;
      const path = hostPath?.path ?? local?.path;
      const { server, share, subdir } = csi?.volumeAttributes ?? {};
      const place =
        (nfs && `/nfs:${nfs.server}/${nfs.path}`) ??
        path ??
        (csi && (server && share ? `/nfs:${server}/${share}/${subdir ?? ''}` : `/csi:${csi.driver}/${csi.volumeHandle}`));
      return claimRef && place ? [[`${claimRef.namespace ?? ''}/${claimRef.name}`, normalised(place)] as const] : [];
    }),
  );
}

/** `namespace/name` and key of the ConfigMap that a file of the container is; the Secret that it is in. */
export type FileSource = { readonly configMap: string; readonly key: string } | { readonly secret: string };

/** Where the content of a file comes from, when that is no volume that the gateway writes. */
export function fileSource(workload: Workload, { volumeMounts }: Container, file: string): FileSource | undefined {
  const path = normalised(file);
  const mounts = (volumeMounts ?? []).toSorted((left, right) => right.mountPath.length - left.mountPath.length);
  const mount = mounts.find(({ mountPath }) => path === normalised(mountPath) || path.startsWith(`${normalised(mountPath).replace(/\/$/, '')}/`));
  const volume = (workload.spec.volumes ?? []).find(({ name }) => name === mount?.name);
  if (mount === undefined || volume === undefined) return undefined;
  const inside = normalised(`/${mount.subPath ?? ''}/${path.slice(normalised(mount.mountPath).length)}`).slice(1);
  const { namespace } = workload;
  const sources = volume.projected?.sources ?? [
    { configMap: volume.configMap, secret: volume.secret && { ...volume.secret, name: volume.secret.secretName } },
  ];
  for (const { configMap, secret } of sources) {
    const key = configMap && keyAt(inside, configMap.items);
    if (configMap && key !== undefined && key !== null) return { configMap: `${namespace}/${configMap.name ?? ''}`, key };
    if (secret && keyAt(inside, secret.items) !== undefined) return { secret: `${namespace}/${secret.name ?? ''}` };
  }
  return undefined;
}

/** Without a list every key is a file of its name. */
type Items = readonly { readonly key: string; readonly path: string }[] | null | undefined;

function keyAt(path: string, items: Items): string | undefined {
  if (items === null || items === undefined || items.length === 0) return path;
  return items.find((item) => normalised(`/${item.path}`) === `/${path}`)?.key;
}

/** A Secret that a container has: whole, or one key of it. */
export interface SecretUse {
  /** `namespace/name`. */
  readonly secret: string;
  readonly key?: string;
  readonly where: string;
  /** The variable that it fills. */
  readonly variable?: string;
}

export function secretUses({ namespace, spec }: Workload, { volumeMounts, env, envFrom }: Container): readonly SecretUse[] {
  const targets = new Map((volumeMounts ?? []).map(({ name, mountPath }) => [name, mountPath]));
  const mounted = (spec.volumes ?? []).flatMap(({ name, secret, projected }) => {
    const target = targets.get(name);
    const held = [
      { name: secret?.secretName, items: secret?.items },
      ...(projected?.sources ?? []).map((one) => ({ name: one.secret?.name, items: one.secret?.items })),
    ];
    return target === undefined ? [] : held.flatMap((one) => keysOf(one).map((use) => ({ ...use, where: `mounted at ${target}` })));
  });
  const whole = (envFrom ?? []).flatMap(({ secretRef }) => keysOf({ name: secretRef?.name }).map((use) => ({ ...use, where: 'all its variables' })));
  const single = (env ?? []).flatMap(({ name: variable, valueFrom }) => {
    const reference = valueFrom?.secretKeyRef;
    return reference ? [{ secret: reference.name ?? '', key: reference.key, where: `env:${variable}`, variable }] : [];
  });
  return [...mounted, ...whole, ...single].filter(({ secret }) => secret !== '').map((use) => ({ ...use, secret: `${namespace}/${use.secret}` }));
}

function keysOf({
  name,
  items,
}: {
  readonly name?: string | null | undefined;
  readonly items?: Items;
}): readonly { readonly secret: string; readonly key?: string }[] {
  const secret = name ?? '';
  const listed = items ?? [];
  return listed.length === 0 ? [{ secret }] : listed.map(({ key }) => ({ secret, key }));
}
