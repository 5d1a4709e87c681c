/** Config files of reverse proxies to routes. What a parser cannot follow makes the whole answer unknown: half a route table would look clean. */
import { known, unknown, type Known } from '../../core/facts.ts';
import type { ProxyRoute } from '../../core/network-facts.ts';
import { caddyRoutes } from './caddy.ts';
import { nginxRoutes } from './nginx.ts';
import { traefikRoutes } from './traefik.ts';
import { Unreadable } from './unreadable.ts';

export interface ProxyFile {
  readonly path: string;
  readonly text: string;
}

/** By the file's name: `Caddyfile` and `.caddy`, Traefik's `.yml` and `.yaml`, everything else nginx. */
export function readProxyFiles(files: readonly ProxyFile[]): Known<readonly ProxyRoute[]> {
  const caddy = files.filter(({ path }) => /(?:^|\/)Caddyfile[^/]*$|\.caddy(?:file)?$/i.test(path));
  const traefik = files.filter(({ path }) => /\.ya?ml$/i.test(path));
  const other = files.filter(({ path }) => /\.(?:toml|json)$/i.test(path));
  try {
    if (other[0] !== undefined) throw new Unreadable(other[0].path, 'TOML and JSON are not read: give the file provider YAML, or a Caddyfile');
    const nginx = files.filter((file) => !caddy.includes(file) && !traefik.includes(file));
    return known([...caddy.flatMap(caddyRoutes), ...traefik.flatMap(traefikRoutes), ...nginxRoutes(nginx)], 'config files of reverse proxies');
  } catch (error) {
    if (error instanceof Unreadable) return unknown(error.message);
    throw error;
  }
}
