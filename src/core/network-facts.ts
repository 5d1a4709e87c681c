/** Facts about ports, browsers, pairings, proxies and API clients. */
import type { PathFact } from './facts.ts';

/** A listening TCP socket in one of a host's network namespaces. */
export interface SocketFact {
  /** Inode of the network namespace. */
  readonly namespace: string;
  readonly address: string;
  readonly port: number;
  /** Owner of the socket, as the kernel's table says: whoever made it. */
  readonly uid: number;
  /** Processes that hold it, as far as they may be seen. */
  readonly pids: readonly number[];
}

/** Ports that the kernel gives to outgoing connections, and which of them it spares. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
  readonly reserved: readonly { readonly first: number; readonly last: number }[];
}

/** A place of a reverse proxy's config that sends requests to an upstream on the host. */
export interface ProxyRoute {
  /** `/etc/nginx/sites-enabled/acme:12`. */
  readonly location: string;
  /** Server names, lower case; empty for whatever no other route names. */
  readonly names: readonly string[];
  /** Whether it also answers names that nobody lists. */
  readonly catchAll: boolean;
  /** Upstreams as written. */
  readonly upstreams: readonly string[];
  /** Headers that it sets itself, lower case. */
  readonly sets: readonly string[];
}

/** A browser profile directory in a tenant's state, as its files tell. Names and addresses only, no value of a cookie or login. */
export interface BrowserProfileFact {
  readonly directory: PathFact;
  /** Target of its lock, `hostname-pid`, while a browser runs on it. */
  readonly lock?: string;
  /** E-mail addresses of the accounts signed in. */
  readonly accounts: readonly string[];
  /** Whether it sends its data to an account, and whether it keeps passwords. */
  readonly sync: boolean;
  readonly passwords: boolean;
  /** Host names that have set a cookie. */
  readonly cookieHosts: readonly string[];
}

/** A device that a gateway has paired as a node. */
export interface PairedNode {
  readonly device: string;
  readonly name?: string;
}

/** A program that calls a gateway's API, with the keys and addresses it is given. */
export interface ApiClientFact {
  readonly name: string;
  readonly kind: string;
  /** Whether end users hold the key themselves. */
  readonly keyWithUsers: boolean;
  readonly keys: readonly { readonly location: string; readonly reference?: string; readonly digest?: string }[];
  readonly urls: readonly { readonly location: string; readonly url: string }[];
}

/** Whether a rule set of the boundary filters what leaves it. */
export interface EgressFact {
  readonly filtered: boolean;
  readonly how: string;
}
