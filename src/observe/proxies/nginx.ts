/** Source: nginx.org/en/docs/http/{request_processing,ngx_http_core_module,ngx_http_proxy_module,ngx_http_upstream_module}.html. */
import type { ProxyRoute } from '../../core/network-facts.ts';
import { parseBlocks, type Directive } from './blocks.ts';
import type { ProxyFile } from './index.ts';
import { Unreadable } from './unreadable.ts';

/** Included files that hold no server. */
const HARMLESS = /(?:^|\/)(?:mime\.types|[a-z_]+_params|modules-enabled\/\*\.conf)$/;

interface Server {
  readonly place: string;
  readonly names: readonly string[];
  readonly listens: readonly { readonly on: string; readonly isDefault: boolean }[];
  readonly routes: readonly { readonly place: string; readonly upstreams: readonly string[]; readonly sets: readonly string[] }[];
}

/** All files at once: which server answers an unknown name depends on what the others declare. */
export function nginxRoutes(files: readonly ProxyFile[]): readonly ProxyRoute[] {
  const given = new Set(files.map(({ path }) => path));
  const parsed = files.map(({ path, text }) => ({ path, directives: flatten(parseBlocks(path, text, ';')) }));
  const upstreams = new Map<string, readonly string[]>();
  for (const { directives } of parsed)
    for (const { words, block } of directives) if (words[0] === 'upstream') upstreams.set(words[1] ?? '', serversOf(block));
  const servers = parsed.flatMap(({ path, directives }) => {
    for (const directive of directives) refuseIncludes(path, directive, given);
    return directives.filter(({ words }) => words[0] === 'server').map((server) => serverOf(path, server, upstreams, given));
  });
  const named = new Set(servers.flatMap(({ listens }) => listens.filter(({ isDefault }) => isDefault).map(({ on }) => on)));
  const first = new Map<string, Server>();
  for (const server of servers) for (const { on } of server.listens) if (!first.has(on)) first.set(on, server);
  return servers.flatMap((server) => {
    // Without a default server the first one that listens there answers whatever nobody names.
    const catchAll = server.listens.some(({ on, isDefault }) => isDefault || (!named.has(on) && first.get(on) === server));
    return server.routes.map(({ place, upstreams: to, sets }) => ({ location: place, names: server.names, catchAll, upstreams: to, sets }));
  });
}

/** What stands in `http { … }` as if it stood outside, as in a file of conf.d. */
function flatten(directives: readonly Directive[]): readonly Directive[] {
  return directives.flatMap((directive) => (directive.words[0] === 'http' ? (directive.block ?? []) : [directive]));
}

function refuseIncludes(path: string, { words, line }: Directive, given: ReadonlySet<string>): void {
  const target = words[1] ?? '';
  if (words[0] === 'include' && !HARMLESS.test(target) && !given.has(target))
    throw new Unreadable(`${path}:${line}`, `it includes ${target}: name that file too`);
}

function serverOf(
  path: string,
  { block = [], line }: Directive,
  upstreams: ReadonlyMap<string, readonly string[]>,
  given: ReadonlySet<string>,
): Server {
  for (const directive of block) refuseIncludes(path, directive, given);
  const names = block.flatMap(({ words }) => (words[0] === 'server_name' ? words.slice(1) : [])).map((name) => name.toLowerCase());
  const listens = block
    .filter(({ words }) => words[0] === 'listen')
    .map(({ words }) => ({ on: listenOn(words[1] ?? ''), isDefault: words.includes('default_server') || words.includes('default') }));
  const routes = [...routesOf(path, block, headersOf(block, []), upstreams, given)];
  return {
    place: `${path}:${line}`,
    names: names.filter((name) => name !== '_' && name !== ''),
    listens: listens.length === 0 ? [{ on: '80', isDefault: false }] : listens,
    routes,
  };
}

/** `443`, `[::]:443`, `127.0.0.1:80`: the port counts, addresses of one machine are taken together. */
function listenOn(text: string): string {
  return /(?:^|:)(\d+)$/.exec(text)?.[1] ?? '80';
}

function* routesOf(
  path: string,
  block: readonly Directive[],
  inherited: readonly string[],
  upstreams: ReadonlyMap<string, readonly string[]>,
  given: ReadonlySet<string>,
): Iterable<Server['routes'][number]> {
  const sets = headersOf(block, inherited);
  for (const directive of block) {
    const { words, line, block: inner } = directive;
    refuseIncludes(path, directive, given);
    if (words[0] === 'proxy_pass' || words[0] === 'grpc_pass') {
      const place = `${path}:${line}`;
      yield { place, upstreams: targetsOf(place, words[1] ?? '', upstreams), sets };
    }
    if (inner !== undefined) yield* routesOf(path, inner, sets, upstreams, given);
  }
}

/** A block that sets one header inherits none. */
function headersOf(block: readonly Directive[], inherited: readonly string[]): readonly string[] {
  const own = block.filter(({ words }) => words[0] === 'proxy_set_header').map(({ words }) => (words[1] ?? '').toLowerCase());
  return own.length === 0 ? inherited : own;
}

function targetsOf(place: string, target: string, upstreams: ReadonlyMap<string, readonly string[]>): readonly string[] {
  if (target.includes('$')) throw new Unreadable(place, `where ${target} leads is decided per request`);
  const host = /^[a-z]+:\/\/([^/]+)/.exec(target)?.[1] ?? '';
  return upstreams.get(host) ?? [target];
}

function serversOf(block: readonly Directive[] = []): readonly string[] {
  return block.filter(({ words }) => words[0] === 'server').map(({ words }) => words[1] ?? '');
}
