/** Addresses as they are compared: the same whatever their case, their default port or their trailing slash. */
import { isMasked } from '../credentials/walk.ts';

/** Scheme, host and port; of an address that was masked, what was told of it. Undefined when it is none. */
export function originOf(value: unknown): string | undefined {
  const text = isMasked(value) ? value.tells?.['url.origin'] : value;
  if (typeof text !== 'string' || !URL.canParse(text)) return undefined;
  const { protocol, hostname, port } = new URL(text);
  const host = hostname === 'localhost' || hostname === '[::1]' ? '127.0.0.1' : hostname.replace(/\.$/, '');
  return `${protocol.replace(/^ws/, 'http')}//${host}${port === '' ? '' : `:${port}`}`;
}

/** The whole address without a trailing slash. */
export function addressOf(value: unknown): string | undefined {
  const origin = originOf(value);
  if (origin === undefined || typeof value !== 'string') return origin;
  return `${origin}${new URL(value).pathname.replace(/\/+$/, '')}`;
}
