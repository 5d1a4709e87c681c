/** A self-contained program travels as text on standard input, so that it runs on any host and inside any boundary. */
import { readFileSync } from 'node:fs';

/** `args` follow the path of Node; `stdin` is the program's source and one call of its `main` with the request. */
export function selfContained(program: URL, request: unknown): { readonly args: readonly string[]; readonly stdin: string } {
  const type = program.pathname.endsWith('.ts') ? 'module-typescript' : 'module';
  const call = `process.stdout.write(JSON.stringify(await main(${embed(request)})) + '\\n');`;
  return {
    args: [`--input-type=${type}`, '--disable-warning=ExperimentalWarning', '-'],
    stdin: `${readFileSync(program, 'utf8')}\n${call}\n`,
  };
}

/** Beside a source file (`.ts`) or its compiled form (`.js`): the sibling program of the same kind. */
export function sibling(from: string, name: string): URL {
  return new URL(`./${name}${from.endsWith('.ts') ? '.ts' : '.js'}`, from);
}

/** JSON inside JavaScript source: U+2028 and U+2029 are line ends there in older grammars, so they are escaped. */
function embed(request: unknown): string {
  return JSON.stringify(request).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}
