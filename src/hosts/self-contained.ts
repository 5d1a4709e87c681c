/** A self-contained program travels as text on standard input, so that it runs on any host and inside any boundary. */
import { readFileSync } from 'node:fs';

/** `args` follow the path of Node; `stdin` is the program's source and one call of its `main` with the request. */
export function selfContained(program: URL, request: unknown): { readonly args: readonly string[]; readonly stdin: string } {
  const type = program.pathname.endsWith('.ts') ? 'module-typescript' : 'module';
  const call = `process.stdout.write(JSON.stringify(await main(${embed(request)})) + '\\n');`;
  return {
    args: [`--input-type=${type}`, '--disable-warning=ExperimentalWarning', '-'],
    stdin: `${inOneText(program)}\n${call}\n`,
  };
}

/** Beside a source file (`.ts`) or its compiled form (`.js`): the sibling program of the same kind. */
export function sibling(from: string, name: string): URL {
  return new URL(`./${name}${from.endsWith('.ts') ? '.ts' : '.js'}`, from);
}

/**
 * A program and the files that it imports from the checkout, one after the other, each once. They share one scope: two of them that call
 * something by one name do not start. Imports are named ones; those of types are dropped, those of Node's modules are joined.
 */
function inOneText(program: URL): string {
  const names = new Map<string, Set<string>>();
  const bodies = new Map<string, string>();
  const take = (file: URL): void => {
    if (bodies.has(file.href)) return;
    bodies.set(file.href, '');
    const body = readFileSync(file, 'utf8').replace(
      /^import (type )?\{([^}]*)\} from '([^']*)';$/gm,
      (_, onlyTypes: string | undefined, list: string, from: string) => {
        if (onlyTypes !== undefined) return '';
        const wanted = list.split(',').map((name) => name.trim());
        if (from.startsWith('.')) take(new URL(from, file));
        else names.set(from, new Set([...(names.get(from) ?? []), ...wanted.filter((name) => name !== '' && !name.startsWith('type '))]));
        return '';
      },
    );
    // Deleted and set: a part stands before whoever imports it.
    bodies.delete(file.href);
    bodies.set(file.href, body);
  };
  take(program);
  return [...[...names].map(([from, wanted]) => `import { ${[...wanted].join(', ')} } from '${from}';`), ...bodies.values()].join('\n');
}

/** JSON inside JavaScript source: U+2028 and U+2029 are line ends there in older grammars, so they are escaped. */
function embed(request: unknown): string {
  return JSON.stringify(request).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}
