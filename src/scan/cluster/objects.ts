/** What a scan reads of a cluster's objects; the rest is left alone. Source: Kubernetes API reference (core/v1, apps/v1, networking.k8s.io/v1). */
import * as v from 'valibot';

const text = v.nullish(v.string(), '');
const texts = v.nullish(v.array(v.string()), []);
const map = v.nullish(v.record(v.string(), v.string()), {});
const flag = v.nullish(v.boolean());
const number = v.nullish(v.number());

const Metadata = v.object({
  name: v.string(),
  namespace: text,
  uid: text,
  labels: map,
  annotations: map,
  ownerReferences: v.nullish(v.array(v.object({ kind: text, name: text, uid: text, controller: flag })), []),
});

/** Some key of some object. */
const keyOf = v.nullish(v.object({ name: text, key: v.string() }));
const items = v.nullish(v.array(v.object({ key: v.string(), path: v.string() })));

const Container = v.object({
  name: v.string(),
  image: text,
  command: texts,
  args: texts,
  workingDir: text,
  restartPolicy: text,
  env: v.nullish(
    v.array(v.object({ name: v.string(), value: text, valueFrom: v.nullish(v.object({ secretKeyRef: keyOf, configMapKeyRef: keyOf })) })),
    [],
  ),
  envFrom: v.nullish(
    v.array(v.object({ prefix: text, secretRef: v.nullish(v.object({ name: text })), configMapRef: v.nullish(v.object({ name: text })) })),
    [],
  ),
  volumeMounts: v.nullish(v.array(v.object({ name: v.string(), mountPath: v.string(), subPath: text, subPathExpr: text, readOnly: flag })), []),
  volumeDevices: v.nullish(v.array(v.object({ name: v.string(), devicePath: v.string() })), []),
  ports: v.nullish(v.array(v.object({ name: text, containerPort: v.number() })), []),
  securityContext: v.nullish(
    v.object({
      privileged: flag,
      runAsUser: number,
      runAsGroup: number,
      allowPrivilegeEscalation: flag,
      capabilities: v.nullish(v.object({ add: texts }), {}),
      seccompProfile: v.nullish(v.object({ type: text })),
      appArmorProfile: v.nullish(v.object({ type: text })),
    }),
    {},
  ),
});
export type Container = v.InferOutput<typeof Container>;

const Projected = v.object({
  secret: v.nullish(v.object({ name: text, items })),
  configMap: v.nullish(v.object({ name: text, items })),
});

const Volume = v.object({
  name: v.string(),
  persistentVolumeClaim: v.nullish(v.object({ claimName: v.string(), readOnly: flag })),
  hostPath: v.nullish(v.object({ path: v.string() })),
  configMap: v.nullish(v.object({ name: text, items })),
  secret: v.nullish(v.object({ secretName: text, items })),
  projected: v.nullish(v.object({ sources: v.nullish(v.array(Projected), []) })),
  nfs: v.nullish(v.object({ server: v.string(), path: v.string() })),
});
export type Volume = v.InferOutput<typeof Volume>;

const PodSpec = v.object({
  containers: v.nullish(v.array(Container), []),
  initContainers: v.nullish(v.array(Container), []),
  volumes: v.nullish(v.array(Volume), []),
  hostNetwork: flag,
  hostPID: flag,
  hostIPC: flag,
  hostUsers: flag,
  nodeName: text,
  nodeSelector: map,
  runtimeClassName: text,
  securityContext: v.nullish(
    v.object({
      runAsUser: number,
      runAsGroup: number,
      seccompProfile: v.nullish(v.object({ type: text })),
      appArmorProfile: v.nullish(v.object({ type: text })),
    }),
    {},
  ),
});
export type PodSpec = v.InferOutput<typeof PodSpec>;

export const Named = v.object({ metadata: Metadata });
export type Named = v.InferOutput<typeof Named>;

export const Pod = v.object({
  metadata: Metadata,
  spec: PodSpec,
  status: v.nullish(v.object({ phase: text, podIPs: v.nullish(v.array(v.object({ ip: text })), []) }), {}),
});
export type Pod = v.InferOutput<typeof Pod>;

/** A Deployment, StatefulSet, DaemonSet or ReplicaSet. */
export const Controller = v.object({
  metadata: Metadata,
  spec: v.object({
    template: v.object({ metadata: v.nullish(v.object({ labels: map, annotations: map }), {}), spec: PodSpec }),
    volumeClaimTemplates: v.nullish(v.array(v.object({ metadata: v.object({ name: v.string() }) })), []),
  }),
});
export type Controller = v.InferOutput<typeof Controller>;

/** What a claim gets. */
export const PersistentVolume = v.object({
  metadata: Metadata,
  spec: v.object({
    claimRef: v.nullish(v.object({ namespace: text, name: v.string() })),
    nfs: v.nullish(v.object({ server: v.string(), path: v.string() })),
    hostPath: v.nullish(v.object({ path: v.string() })),
    local: v.nullish(v.object({ path: v.string() })),
    csi: v.nullish(v.object({ driver: v.string(), volumeHandle: v.string(), volumeAttributes: map })),
  }),
});
export type PersistentVolume = v.InferOutput<typeof PersistentVolume>;

export const ConfigMap = v.object({ data: map });
export const Groups = v.object({ groups: v.array(v.object({ name: v.string(), preferredVersion: v.object({ groupVersion: v.string() }) })) });
export const Resources = v.object({ resources: v.array(v.object({ name: v.string(), namespaced: v.boolean() })) });
export const Page = v.object({
  items: v.nullish(v.array(v.unknown()), []),
  metadata: v.nullish(v.object({ continue: text, resourceVersion: text }), {}),
});

const Selector = v.object({
  matchLabels: map,
  matchExpressions: v.nullish(v.array(v.object({ key: v.string(), operator: v.string(), values: texts })), []),
});
export type Selector = v.InferOutput<typeof Selector>;

const Peer = v.object({
  podSelector: v.nullish(Selector),
  namespaceSelector: v.nullish(Selector),
  ipBlock: v.nullish(v.object({ cidr: v.string(), except: texts })),
});
export type Peer = v.InferOutput<typeof Peer>;

const RulePort = v.object({ port: v.nullish(v.union([v.number(), v.string()])), endPort: number, protocol: text });
export type RulePort = v.InferOutput<typeof RulePort>;

const peers = v.nullish(v.array(Peer), []);
const ports = v.nullish(v.array(RulePort), []);
export const Policy = v.object({
  metadata: Metadata,
  spec: v.object({
    podSelector: v.nullish(Selector, {}),
    policyTypes: v.nullish(v.array(v.string())),
    ingress: v.nullish(v.array(v.object({ from: peers, ports }))),
    egress: v.nullish(v.array(v.object({ to: peers, ports }))),
  }),
});
export type Policy = v.InferOutput<typeof Policy>;
