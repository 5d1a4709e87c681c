/** A self-contained program travels as text on standard input, so that it runs on any host and inside any boundary. */
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';

/** What was sent before, as it travels, by the program's address: a command sends the same few programs once for each tenant. */
const sent = new Map<string, string>();

/** `args` follow the path of Node; `stdin` is the program's source and one call of its `main` with the request. */
export function selfContained(program: URL, request: unknown): { readonly args: readonly string[]; readonly stdin: string } {
  const call = `process.stdout.write(JSON.stringify(await main(${embed(request)})) + '\\n');`;
  return { args: ['--input-type=module', '--disable-warning=ExperimentalWarning', '-'], stdin: `${javascriptOf(program)}\n${call}\n` };
}

/** Without its types: to strip them where it runs would take each process longer than all that it does. */
export function javascriptOf(program: URL): string {
  const before = sent.get(program.href);
  if (before !== undefined) return before;
  const text = inOneText(program);
  const plain = program.pathname.endsWith('.ts') ? withoutTypes(text) : text;
  sent.set(program.href, plain);
  return plain;
}

/** Node would tell the operator that it calls the function experimental. */
function withoutTypes(text: string): string {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return stripTypeScriptTypes(text);
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** Beside a source file (`.ts`) or its compiled form (`.js`): the sibling program of the same kind. */
export function sibling(from: string, name: string): URL {
  return new URL(`./${name}${from.endsWith('.ts') ? '.ts' : '.js'}`, from);
}

/**
 * A program and the files that it imports from the checkout, each once, as a scope of its own. Imports are named ones and stand at the start of
 * a line; those of types are dropped, those of Node's modules are joined.
 */
function inOneText(program: URL): string {
  const names = new Map<string, Set<string>>();
  const parts = new Map<string, string>();
  const take = (file: URL): string => {
    return readFileSync(file, 'utf8').replace(
      /^import (type )?\{([^}]*)\} from '([^']*)';$/gm,
      (_, onlyTypes: string | undefined, list: string, from: string) => {
        const wanted = list
          .split(',')
          .map((name) => name.trim())
          .filter((name) => name !== '' && !name.startsWith('type '));
        if (onlyTypes !== undefined || wanted.length === 0) return '';
        if (!from.startsWith('.')) {
          names.set(from, new Set([...(names.get(from) ?? []), ...wanted]));
          return '';
        }
        const part = new URL(from, file);
        if (!parts.has(part.href)) {
          const inner = take(part);
          parts.set(part.href, asScope(`part${parts.size}`, inner));
        }
        return `const { ${wanted.join(', ').replaceAll(' as ', ': ')} } = part${[...parts.keys()].indexOf(part.href)};`;
      },
    );
  };
  const body = take(program);
  return [...[...names].map(([from, wanted]) => taken(from, [...wanted])), ...parts.values(), body].join('\n');
}

/** An `import` of node:http reads all that it exports, a whole WebSocket client among it: 110 ms of CPU time for a start instead of 57 (Node 24.21). */
function taken(from: string, names: readonly string[]): string {
  return `const { ${names.join(', ').replaceAll(' as ', ': ')} } = process.getBuiltinModule('${from}');`;
}

function asScope(name: string, body: string): string {
  const exported = [...body.matchAll(/^export (?:async )?(?:const|function\*?|class) (\w+)/gm)].map(([, one]) => one ?? '');
  return `const ${name} = (() => {\n${body.replace(/^export /gm, '')}\nreturn { ${exported.join(', ')} };\n})();`;
}

/** JSON inside JavaScript source: U+2028 and U+2029 are line ends there in older grammars, so they are escaped. */
function embed(request: unknown): string {
  return JSON.stringify(request).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}
