/** Source: doc.traefik.io/traefik/reference/dynamic-configuration/file (http.routers, http.services, http.middlewares). */
import { parse } from 'yaml';
import type { ProxyRoute } from '../../core/network-facts.ts';
import { isObject, type Json } from '../../openclaw/merge.ts';
import type { ProxyFile } from './index.ts';
import { Unreadable } from './unreadable.ts';

export function traefikRoutes({ path, text }: ProxyFile): readonly ProxyRoute[] {
  const http = part(read(path, text), 'http');
  const services = part(http, 'services');
  const middlewares = part(http, 'middlewares');
  return Object.entries(part(http, 'routers')).flatMap(([name, router]) => {
    if (!isObject(router)) return [];
    const location = `${path}#http.routers.${name}`;
    const service = String(router['service'] ?? '');
    if (!Object.hasOwn(services, service)) throw new Unreadable(location, `its service ${service} is not in this file`);
    return [
      {
        location,
        ...namesOf(String(router['rule'] ?? '')),
        upstreams: upstreamsOf(location, part(services, service)),
        sets: headersOf(router, middlewares),
      },
    ];
  });
}

function read(path: string, text: string): Json {
  try {
    const value: unknown = parse(text, { maxAliasCount: 0 });
    return isObject(value) ? value : {};
  } catch {
    throw new Unreadable(path, 'it is not YAML');
  }
}

/** A rule that names no host answers all of them; so does a pattern, as far as can be told. */
function namesOf(rule: string): { readonly names: readonly string[]; readonly catchAll: boolean } {
  const names = [...rule.matchAll(/\bHost\(([^)]*)\)/g)].flatMap(([, list = '']) =>
    [...list.matchAll(/[`"']([^`"']+)[`"']/g)].map(([, name = '']) => name.toLowerCase()),
  );
  return { names, catchAll: names.length === 0 || /\bHostRegexp\(/.test(rule) || /!\s*Host\(/.test(rule) };
}

function upstreamsOf(location: string, service: Json): readonly string[] {
  const servers = part(service, 'loadBalancer')['servers'];
  if (!Array.isArray(servers)) throw new Unreadable(location, 'only services with loadBalancer.servers are followed');
  return servers.flatMap((server: unknown) => (isObject(server) && typeof server['url'] === 'string' ? [server['url']] : []));
}

/** Headers that its middlewares set; those of a forward-auth server overwrite what came from outside. */
function headersOf(router: Json, middlewares: Json): readonly string[] {
  const used = Array.isArray(router['middlewares']) ? router['middlewares'] : [];
  return used.flatMap((name: unknown) => {
    const middleware = part(middlewares, String(name));
    const response = part(middleware, 'forwardAuth')['authResponseHeaders'];
    const set = Object.keys(part(part(middleware, 'headers'), 'customRequestHeaders'));
    return [...set, ...(Array.isArray(response) ? response.map(String) : [])].map((header) => header.toLowerCase());
  });
}

function part(of: Json, name: string): Json {
  const value = Object.hasOwn(of, name) ? of[name] : undefined;
  return isObject(value) ? value : {};
}
