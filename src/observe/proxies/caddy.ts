/** Source: caddyserver.com/docs/caddyfile/{concepts,matchers}, directives reverse_proxy and handle. */
import type { ProxyRoute } from '../../core/network-facts.ts';
import { parseBlocks, type Directive } from './blocks.ts';
import type { ProxyFile } from './index.ts';
import { Unreadable } from './unreadable.ts';

export function caddyRoutes({ path, text }: ProxyFile): readonly ProxyRoute[] {
  const all = parseBlocks(path, text, '\n');
  // A file with one site may leave its braces out: the first line is then its address.
  const [head, ...rest] = all;
  const sites = head !== undefined && head.block === undefined ? [{ ...head, block: rest }] : all;
  return sites.flatMap((site) => {
    const address = site.words.join(' ');
    if (address === '') return []; // global options
    if (address.startsWith('(') || site.words[0] === 'import') throw new Unreadable(`${path}:${site.line}`, 'snippets and imports are not followed');
    const names = site.words
      .flatMap((word) => word.split(','))
      .filter((word) => word !== '')
      .map(nameOf);
    return [...routesOf(path, site.block ?? [], { names: names.filter((name) => name !== ''), catchAll: names.includes('') }, new Map())];
  });
}

interface Answered {
  readonly names: readonly string[];
  readonly catchAll: boolean;
}

/** `https://a.example:8443/x` → `a.example`; `:443`, `http://` and `*` name nobody. */
function nameOf(address: string): string {
  const host = address
    .replace(/^[a-z]+:\/\//i, '')
    .replace(/\/.*$/s, '')
    .replace(/:\d*$/, '')
    .toLowerCase();
  return host === '*' ? '' : host;
}

function* routesOf(
  path: string,
  block: readonly Directive[],
  answered: Answered,
  outer: ReadonlyMap<string, readonly string[]>,
): Iterable<ProxyRoute> {
  const matchers = new Map(outer);
  for (const { words, block: inner = [] } of block) if (words[0]?.startsWith('@') === true) matchers.set(words[0], hostsOf(words, inner));
  for (const { words, line, block: inner = [] } of block) {
    const location = `${path}:${line}`;
    if (words[0] === 'import') throw new Unreadable(location, 'snippets and imports are not followed');
    const matcher = words[1] ?? '';
    const hosts = matchers.get(matcher) ?? [];
    const here = hosts.length === 0 ? answered : { names: hosts, catchAll: false };
    if (words[0] === 'reverse_proxy') {
      const inline = words.slice(1).filter((word, at) => !(at === 0 && /^[@/*]/.test(word)));
      const listed = inner.filter((one) => one.words[0] === 'to').flatMap((one) => one.words.slice(1));
      const upstreams = [...inline, ...listed];
      if (upstreams.some((one) => one.includes('{')) || inner.some((one) => one.words[0] === 'dynamic'))
        throw new Unreadable(location, 'where it leads is decided per request');
      const sets = inner.filter((one) => one.words[0] === 'header_up').map((one) => (one.words[1] ?? '').replace(/^[+?-]/, '').toLowerCase());
      yield { location, ...here, upstreams, sets };
    } else if (words[0]?.startsWith('@') !== true) yield* routesOf(path, inner, here, matchers);
  }
}

/** `@acme host a.example`, or the same in a block. */
function hostsOf(words: readonly string[], inner: readonly Directive[]): readonly string[] {
  const inline = words[1] === 'host' ? words.slice(2) : [];
  const listed = inner.filter((one) => one.words[0] === 'host').flatMap((one) => one.words.slice(1));
  return [...inline, ...listed].map((name) => name.toLowerCase());
}
