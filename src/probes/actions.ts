/** What can be tried inside a boundary, and what a try gives: the words between the probes and the program that attacks. */

/** What can be tried. */
export type Action =
  | { readonly kind: 'read' | 'list' | 'create' | 'see'; readonly path: string }
  | { readonly kind: 'connect' | 'fetch' | 'invoke' | 'socket'; readonly host: string; readonly port: number }
  | { readonly kind: 'scan'; readonly host: string; readonly ports: readonly number[] }
  | { readonly kind: 'processes'; readonly stateDir: string; readonly canary: string; readonly pid?: number }
  | { readonly kind: 'turn'; readonly port: number; readonly message: string };

export interface InsideRequest {
  readonly attempts: readonly { readonly key: string; readonly action: Action }[];
  /** The attacker's own gateway token; sent to gateways, printed never. */
  readonly token?: string;
}

/** One line of output. `code` is an errno, an HTTP status `HTTP 401`, a gateway's error code, `ABSENT` or `TIMEOUT`. */
export type Attempted =
  | { readonly key: string; readonly ok: true; readonly got: string }
  | { readonly key: string; readonly ok: false; readonly code: string };
