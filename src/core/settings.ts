/**
 * What a gateway's effective config and environment select, in Bulkhead's own words. Derived by `src/openclaw/settings/`, the same way from
 * a rendered config and from one that lies in a tenant's tree. Holds no secret; checks judge it without knowing a config key.
 */

import type { PlaceSettings, RouteSettings } from './place-settings.ts';
import type { ToolSettings } from './tool-settings.ts';

/** A selected value, and what selected it: `config:gateway.bind`, `env:OPENCLAW_GATEWAY_PORT`, or `default`. */
export interface Setting<T> {
  readonly value: T;
  readonly from: string;
}

/** How the gateway is reached, and by whom. */
export interface NetworkSettings {
  /** `loopback`, or the word or address it binds to instead. */
  readonly bind: Setting<string>;
  /** `token`, `password`, `trusted-proxy`, `none`, or what else the config says. */
  readonly authMode: Setting<string>;
  /** Base port: its own; every other port of the gateway is derived from it. `profile:NAME` when it is the hash of a profile's name. */
  readonly port: Setting<number>;
  /** What the config says, where the environment says otherwise and wins. */
  readonly overruledPort?: Setting<number>;
  /** Listeners of its own on ports that are not derived from the base. */
  readonly services: readonly ServicePort[];
  /** Where failed logins are slowed down. */
  readonly loginLimit: Setting<'nowhere' | 'not on loopback' | 'everywhere'>;
  /** `off`, `serve` or `funnel`; and whether Tailscale's word replaces the token. */
  readonly tailscale: Setting<string>;
  readonly tailscaleLogin: Setting<boolean>;
  /** `off`, `minimal` or `full`: what it announces by multicast. */
  readonly announces: Setting<string>;
  /** Domain in which it is announced beyond the link. */
  readonly wideArea?: Setting<string>;
  /** Gateways that it, or a command run for it, is a client of: URLs without user, password and query. */
  readonly remotes: readonly Setting<string>[];
  /** HTTP surfaces on which the shared secret makes its holder an operator; the always-on ones are left out. */
  readonly apis: readonly Setting<string>[];
  /** `off`, or how the browsers of paired nodes are used. */
  readonly nodeBrowser: Setting<string>;
  /** Addresses and networks from which a node is paired without being asked. */
  readonly autoApproved: Setting<readonly string[]>;
}

/** A listener beside the gateway's block of ports. */
export interface ServicePort {
  /** `Telegram webhook`. */
  readonly label: string;
  /** Empty where OpenClaw does not say: it may meet everything, and is not said to be open to everybody. */
  readonly address: string;
  readonly port: number;
  /** What selected the port. */
  readonly from: string;
}

/** Whose word about a caller's identity the gateway takes. */
export interface ProxySettings {
  /** Addresses and networks of proxies whose headers count. */
  readonly trusted: Setting<readonly string[]>;
  /** Whether any program on the loopback may be that proxy. */
  readonly loopback: Setting<boolean>;
  /** Users whom a trusted proxy may name; empty: all. */
  readonly users: Setting<readonly string[]>;
  /** Header in which it names them. */
  readonly userHeader?: Setting<string>;
  /** Web origins that may open the control interface. */
  readonly origins: readonly Setting<string>[];
}

/** The browsers its agents drive. */
export interface BrowserSettings {
  readonly enabled: Setting<boolean>;
  readonly sandbox: Setting<boolean>;
  /** What opens addresses of the host or of a private network to pages. */
  readonly privateNetwork: readonly Setting<string>[];
  /** Profiles that attach to a browser in which a person is signed in. */
  readonly signedIn: readonly Setting<string>[];
  /** Debugging endpoints of browsers that somebody else starts: `host:port`, with a digest of the rest where that selects the browser. */
  readonly endpoints: readonly Setting<string>[];
  /** Debugging ports that the config pins. */
  readonly debuggingPorts: readonly Setting<number>[];
  /** User data directories that the config names. */
  readonly directories: readonly Setting<string>[];
}

/** Which models are asked, and where. */
export interface ModelSettings {
  /** Model endpoints of the config's own. */
  readonly endpoints: readonly { readonly provider: string; readonly url: string; readonly from: string }[];
  /** Organisations and projects at providers that it says its keys belong to. */
  readonly organizations: readonly { readonly provider: string; readonly account: string; readonly from: string }[];
  /** Codex works in the OS user's own home instead of the agent's. */
  readonly codexUserHome: Setting<boolean>;
}

/** Tool servers. */
export interface McpServer {
  readonly name: string;
  /** Origin of a remote one, program of a local one. */
  readonly address: string;
  /** Digest of the whole address with what authenticates to it; remote ones only. */
  readonly digest?: string;
  readonly from: string;
}

/** Where a channel is reached, and by whom. */
export interface ChannelSettings {
  readonly webhooks: readonly {
    readonly channel: string;
    readonly url?: string;
    readonly host?: string;
    readonly port?: number;
    readonly from: string;
  }[];
  /** Senders and groups that may talk to it; no wildcard. */
  readonly senders: readonly { readonly channel: string; readonly sender: string; readonly from: string }[];
  /** Mailboxes and topics that start agents. */
  readonly mailboxes: readonly { readonly account: string; readonly from: string }[];
}

/** Where an agent's tools run, for the defaults and for each agent that says otherwise. */
export interface SandboxSettings {
  /** `agents.defaults`, or the key of the agent. */
  readonly key: string;
  readonly mode: Setting<string>;
  /** `docker`, `podman`, `ssh`, …. */
  readonly backend: Setting<string>;
  readonly scope: Setting<string>;
  /** `auto`, `sandbox`, `gateway` or `node`: where its commands run. */
  readonly execHost: Setting<string>;
  /** Beginnings of the names of its containers and of those of its browser. */
  readonly prefixes: readonly Setting<string>[];
  /** Sources on the host of what is bound into it. */
  readonly binds: readonly Setting<string>[];
}

/** A directory beside the built-in ones from which plugins or skills come, or in which they are cached. */
export interface CodeRootSetting extends Setting<string> {
  readonly kind: 'plugins' | 'skills' | 'cache';
}

/** Where logs, traces and metrics go beside the log file. */
export interface SinkSetting extends Setting<string> {
  readonly kind: 'otlp' | 'file';
  /** Names of its headers with digests of their values; absent when a value stands there in plain text, which nothing may repeat. */
  readonly credentials?: string;
}

/** The daily question for updates, and what rides along. */
export interface TelemetrySettings {
  readonly asks: Setting<boolean>;
  readonly statistics: Setting<boolean>;
  readonly endpoint: Setting<string>;
}

export interface Settings {
  readonly browser: BrowserSettings;
  readonly network: NetworkSettings;
  readonly proxy: ProxySettings;
  readonly places: PlaceSettings;
  readonly routes: RouteSettings;
  readonly tools: ToolSettings;
  readonly models: ModelSettings;
  readonly mcp: { readonly servers: readonly McpServer[] };
  readonly channels: ChannelSettings;
  /** Whether variables are taken from a login shell. */
  readonly shellImport: Setting<boolean>;
  readonly sandboxes: readonly SandboxSettings[];
  readonly codeRoots: readonly CodeRootSetting[];
  readonly sinks: readonly SinkSetting[];
  readonly telemetry: TelemetrySettings;
}
