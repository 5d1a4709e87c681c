/** Network endpoints as text, in one spelling: two that reach the same listener are equal. */

export interface Endpoint {
  /** `loopback`, `any`, or a lower-case name or address. */
  readonly host: string;
  readonly port: number;
  /** Without trailing slashes, query and fragment; `` for none. */
  readonly path: string;
  /** Whether it carries a user, a password or a query. */
  readonly keyed: boolean;
}

const PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'ws:': 80, 'https:': 443, 'wss:': 443 };

/** `http://127.1:80/v1/`, `ws://[::1]`, `localhost:9222`; undefined when it is no endpoint. */
export function endpointOf(text: string): Endpoint | undefined {
  const trimmed = text.trim();
  if (/^unix(?::|\/\/)/i.test(trimmed)) return undefined;
  const url = parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? trimmed : `http://${trimmed}`);
  const port = url === undefined ? undefined : url.port === '' ? PORTS[url.protocol] : Number(url.port);
  if (url === undefined || port === undefined || url.hostname === '') return undefined;
  const keyed = url.username !== '' || url.password !== '' || url.search !== '';
  return { host: hostOf(url.hostname), port, path: url.pathname.replace(/\/+$/, ''), keyed };
}

/** `localhost`, `127.0.0.0/8`, `::1` and IPv4 ones written as IPv6 are `loopback`; `0.0.0.0`, `::` and nothing are `any`. */
export function hostOf(text: string): string {
  const host = text.trim().toLowerCase().replace(/^\[/, '').replace(/\]$/, '').replace(/\.$/, '');
  if (host === '' || host === '*' || host === '::' || host === '0.0.0.0') return 'any';
  if (host === 'localhost' || host.endsWith('.localhost') || host === '::1' || host === '0:0:0:0:0:0:0:1') return 'loopback';
  if (/^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host) || /^::ffff:(?:127\.|7f)/.test(host)) return 'loopback';
  return host.replace(/^::ffff:(?=\d+\.)/, '');
}

function parse(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

/** An endpoint as people write it. */
export function endpointText({ host, port, path }: Endpoint): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}${path}`;
}
