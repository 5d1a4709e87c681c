/** A container in which a gateway runs, in the words of its engine. */

export interface ContainerMount {
  readonly source: string;
  readonly target: string;
  readonly writable: boolean;
}

export interface ContainerFact {
  /** `kubernetes`: a pod, in the words of the cluster's API. */
  readonly engine: 'docker' | 'podman' | 'kubernetes';
  /** The engine runs as the user of its tenant and has this container alone. */
  readonly ownEngine?: true;
  readonly name: string;
  /** As it was asked for, e.g. `ghcr.io/x/openclaw:2026.9.6@sha256:…`. */
  readonly image: string;
  /** Where its files are a directory of the host in the place of an image: whose that is, and its mode. */
  readonly root?: { readonly path: string; readonly uid: number; readonly mode: number };
  /** What its engine starts it with, e.g. `runc`, `runsc`; absent where it does not say. */
  readonly runtime?: string;
  readonly privileged: boolean;
  readonly capAdd: readonly string[];
  /** Whether processes in it may gain privileges, e.g. by a set-user-ID file. */
  readonly mayGainPrivileges: boolean;
  /** `pid`, `ipc`, `net`, `uts`, `userns`: what it has in common with the host. */
  readonly hostNamespaces: readonly string[];
  /** `seccomp`, `apparmor`, `selinux`: filters that were switched off. */
  readonly unconfined: readonly string[];
  readonly mounts: readonly ContainerMount[];
  /** Names of the networks it is on; `host`, or `container:…` of another one whose network it has. */
  readonly networks: readonly string[];
  /** Its ports on addresses of the host, as its engine was told; `''` is every address, or a port of the engine's choice. Absent for a pod. */
  readonly published?: readonly { readonly address: string; readonly port: string }[];
}

/** The socket of an engine, or a directory in which one usually lies. */
export function holdsEngineSocket(source: string): boolean {
  return (
    /(?:^|\/)(?:docker|podman|containerd|crio|buildkitd)\.sock$/.test(source) ||
    /^(?:\/|\/var|\/var\/run|\/run|\/run\/(?:podman|containerd|user)(?:\/.*)?)$/.test(source)
  );
}
