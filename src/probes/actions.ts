/** What can be tried inside a boundary, and what a try gives: the words between the probes and the program that attacks. */

import type { OnDescriptors } from './attempts/descriptors.ts';
import type { OnDisk } from './attempts/disk.ts';
import type { OnGroup } from './attempts/groups.ts';

/** What can be tried. */
export type Action =
  | { readonly kind: 'read' | 'list' | 'create' | 'see' | 'watch'; readonly path: string }
  /** A second name for a file, and a link that is read through. */
  | { readonly kind: 'link' | 'symlink'; readonly path: string; readonly to: string }
  /** Any file at or below these. */
  | { readonly kind: 'open'; readonly paths: readonly string[] }
  | { readonly kind: 'leftovers'; readonly paths: readonly string[]; readonly uid: number }
  /** Whether another file or directory could be put in the place of this one. */
  | { readonly kind: 'replace'; readonly path: string }
  /** `path`: a file, or an abstract name that begins with NUL. */
  | { readonly kind: 'unix'; readonly path: string }
  /** A request without any token. */
  | { readonly kind: 'ask'; readonly host: string; readonly port: number; readonly headers: Readonly<Record<string, string>> }
  /** `pid`: where both see the same processes. */
  | { readonly kind: 'signal' | 'inspect' | 'trace'; readonly stateDir: string; readonly pid?: number }
  | { readonly kind: 'trace-child' }
  /** A process with this among its arguments. */
  | { readonly kind: 'cmdline'; readonly marker: string }
  /** A segment of shared memory. */
  | { readonly kind: 'memory'; readonly key: number }
  /** As DOCKER_HOST has it, `unix://PATH` or `tcp://HOST:PORT`; or `$NAME`, a variable that has it. `own`: there may be one of the tenant's own. */
  | { readonly kind: 'engine'; readonly at: string; readonly own?: true }
  /** `{uid}` in the path is the user that it runs as; `unit`: behind a bus, the unit to be changed. */
  | { readonly kind: 'manage'; readonly path: string; readonly unit?: string }
  | { readonly kind: 'become'; readonly who: 'root' | 'self' }
  /** A program that runs others as root, and what stands before its arguments. */
  | { readonly kind: 'elevate'; readonly program: readonly string[] }
  | { readonly kind: 'connect' | 'fetch' | 'invoke' | 'socket'; readonly host: string; readonly port: number }
  | { readonly kind: 'scan'; readonly host: string; readonly ports: readonly number[] }
  | { readonly kind: 'processes'; readonly stateDir: string; readonly canary: string; readonly pid?: number }
  | ({ readonly kind: 'group' } & OnGroup)
  | ({ readonly kind: 'descriptors' } & OnDescriptors)
  | ({ readonly kind: 'disk' } & OnDisk)
  | Turn
  | Tool
  | Page
  | Pairing;

/** A turn of the attacker's own agent with the scripted model. */
export interface Turn {
  readonly kind: 'turn';
  readonly port: number;
  readonly message: string;
  /** Symbolic link that stands while the turn is taken. */
  readonly link?: { readonly path: string; readonly to: string };
  /** What the agent may have made; removed afterwards. */
  readonly undo?: string;
  /** What a browser is told to open: whether anything answers there is tried as well, once it was opened. */
  readonly door?: { readonly host: string; readonly port: number };
}

/** A tool that the attacker's own gateway runs without a turn. */
export interface Tool {
  readonly kind: 'tool';
  readonly port: number;
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly sessionKey?: string;
  readonly agentId?: string;
}

/** The handshake of a new device. `own`: with the attacker's token, and so with its own gateway only. */
export interface Pairing {
  readonly kind: 'pair';
  readonly host: string;
  readonly port: number;
  /** Whose device it is. */
  readonly name: string;
  readonly own?: true;
}

/** A request for a path. `own`: with the attacker's token, and so to its own gateway only. */
export interface Page {
  readonly kind: 'page';
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly own?: true;
  /** It is there, and is waited for. */
  readonly present?: true;
}

export interface InsideRequest {
  readonly attempts: readonly { readonly key: string; readonly action: Action }[];
  /** The attacker's own. */
  readonly workspace: string;
  /** The attacker's own gateway token; sent to gateways, printed never. */
  readonly token?: string;
}

/**
 * What a try gave. `code` is an errno, an HTTP status `HTTP 401`, a gateway's error code, `ABSENT` or `TIMEOUT`. `agents`: who was asked, where a
 * tenant has several.
 */
export type Answer = { readonly ok: true; readonly got: string; readonly agents?: readonly string[] } | { readonly ok: false; readonly code: string };

/** One line of output. */
export type Attempted = Answer & { readonly key: string };
