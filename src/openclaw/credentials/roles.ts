/** What a secret in a config is for, from its key. Source: openclaw 2026.9.6 docs/reference/secretref-credential-surface.md. */
import { CHANNELS } from '../channels/index.ts';
import { roleOfVariable } from './variables.ts';

const PROVIDERS = new Map(CHANNELS.map((provider) => [provider.channel, provider]));

const HOOKS: readonly (readonly string[])[] = [
  ['hooks', 'token'],
  ['hooks', 'gmail', 'pushToken'],
  ['cron', 'webhookToken'],
  ['plugins', 'entries', 'webhooks', 'config', 'routes', '*', 'secret'],
];

/** `gateway-token`, `hooks-token`, `channel:…`, `webhook:…`, `model:…`, `mcp:…`, the role of a variable, otherwise the key itself. */
export function roleOf(path: readonly string[]): string {
  const [first, second, third] = path;
  if (first === 'gateway') return 'gateway-token';
  if (HOOKS.some((pattern) => matches(pattern, path))) return 'hooks-token';
  if (first === 'channels' && second !== undefined) return channelRole(second, path.slice(third === 'accounts' ? 4 : 2).join('.'));
  if (first === 'plugins' && third === 'imap') return 'channel:imap';
  if (first === 'models' && second === 'providers') return `model:${third ?? ''}`;
  if (first === 'mcp' && second === 'servers') return `mcp:${third ?? ''}`;
  if (first === 'env') return roleOfVariable(path.at(-1) ?? '') ?? path.join('.');
  return path.join('.');
}

/** A webhook's own secret is not the account: whoever has it can send, not speak as it. */
function channelRole(channel: string, key: string): string {
  const provider = PROVIDERS.get(channel);
  const filled = provider?.files?.[key] ?? key;
  return provider === undefined || provider.credentials.includes(filled) ? `channel:${channel}` : `channel-${key}:${channel}`;
}

function matches(pattern: readonly string[], path: readonly string[]): boolean {
  return pattern.length === path.length && pattern.every((part, index) => part === '*' || part === path[index]);
}
