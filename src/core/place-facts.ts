/** What is known about the files of a tenant beyond its named paths: what its config includes, where its links lead, who else may pass. */

/** A file that a config includes, directly or by way of another one. */
export interface IncludeFact {
  /** Absolute, as the config and the place of the including file make it. */
  readonly declared: string;
  readonly real: string;
  /** The including file. */
  readonly from: string;
  /** `dev:ino`; absent on desired facts. */
  readonly identity?: string;
  readonly uid?: number;
  readonly mode?: number;
  /** Whether text in it is a secret; absent on desired facts. */
  readonly holdsSecret?: boolean;
}

/** A symbolic link below the tenant's root that leads out of it. */
export interface LinkFact {
  readonly path: string;
  /** Where it leads; by its text where the tenant may not follow it. */
  readonly real: string;
}

/** A named entry of an access control list, as far as its mask lets it. Source: acl(5). */
export interface AclEntry {
  readonly to: 'user' | 'group';
  readonly id: number;
  /** rwx as 0..7. */
  readonly bits: number;
}

/** Who may do what with one file or directory. Source: acl(5), access check algorithm. */
export interface AccessObject {
  readonly kind: 'directory' | 'file';
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
  /** What the owning group may do: with an access control list its mode bits are the mask. */
  readonly groupBits: number;
  readonly named: readonly AclEntry[];
  /** What is given to everything that is made in it, whatever the umask; absent without a default access control list. */
  readonly inherited?: { readonly named: readonly AclEntry[]; readonly groupBits: number; readonly otherBits: number };
}

export interface AccessFact {
  /** Real path → object: everything below that exists, and every directory above it. */
  readonly objects: Readonly<Record<string, AccessObject>>;
  /** What nobody else may read, write or enter. */
  readonly closed: readonly { readonly what: string; readonly path: string }[];
}

export interface StoreFact {
  /** SQLite files of the state and the agents, with what lies beside them. */
  readonly databases: readonly { readonly path: string; readonly identity: string }[];
  /** What is made once for each state and never again: equal marks mean a copy. Keyed digests. */
  readonly marks: readonly { readonly what: string; readonly digest: string }[];
}
