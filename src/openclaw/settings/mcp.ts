/** Source: openclaw 2026.9.6 `openclaw config schema` (mcp.servers.*), docs/tools/mcp.md. */
import type { McpServer } from '../../core/settings.ts';
import { isMasked, secretsIn, textBelow } from '../credentials/walk.ts';
import { isObject } from '../merge.ts';
import { addressOf, originOf } from './address.ts';
import { at, type SettingsSource } from './source.ts';

export function mcpServers({ config }: SettingsSource): readonly McpServer[] {
  const servers = at(config, 'mcp.servers');
  if (!isObject(servers)) return [];
  return Object.entries(servers).flatMap(([name, server]): McpServer[] => {
    if (!isObject(server)) return [];
    const from = `config:mcp.servers.${name}`;
    const { url, command } = server;
    const address = addressOf(url);
    if (address === undefined) return typeof command === 'string' ? [{ name, address: command.slice(0, 400), from }] : [];
    // Two tenants share a server when they reach it as the same client: without authentication that is anybody.
    const client = textBelow(server, 'oauth.clientId');
    const masked = secretsIn([server['headers'], server['oauth']]).flatMap(({ value }) => (isMasked(value) ? [value.masked] : []));
    const proofs = client === undefined ? masked : [...masked, client];
    const whole = isMasked(url) ? url.masked : address;
    return [{ name, address: originOf(url) ?? address, digest: [whole, ...proofs.toSorted()].join(' '), from }];
  });
}
