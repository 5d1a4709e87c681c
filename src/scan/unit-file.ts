/** Reads a systemd unit with its drop-ins as far as it says what is started, as whom and with which variables. Source: systemd.service(5), systemd.exec(5), systemd.syntax(7). */

export interface UnitSaid {
  /** The words of the last ExecStart. */
  readonly argv: readonly string[];
  readonly user?: string;
  readonly directory?: string;
  readonly environment: readonly (readonly [string, string])[];
  /** `optional`: the unit starts without it. */
  readonly environmentFiles: readonly { readonly path: string; readonly optional: boolean }[];
}

/** Values of `%` specifiers, e.g. `h` for the home directory. */
export type Specifiers = Readonly<Record<string, string>>;

/** `texts`: the unit file, then its drop-ins in their order. */
export function readUnit(texts: readonly string[], specifiers: Specifiers): UnitSaid {
  const said = { argv: [] as readonly string[], user: '', directory: '' };
  let environment: (readonly [string, string])[] = [];
  let files: { path: string; optional: boolean }[] = [];
  for (const [key, value] of texts.flatMap((text) => [...serviceLines(text)])) {
    const expanded = value.replace(/%([a-zA-Z%])/g, (whole, letter: string) => (letter === '%' ? '%' : (specifiers[letter] ?? whole)));
    switch (key) {
      case 'ExecStart':
        said.argv = unitWords(expanded.replace(/^[-@:+!|]+/, ''));
        break;
      case 'User':
        said.user = expanded;
        break;
      case 'WorkingDirectory':
        said.directory = expanded.replace(/^-/, '').replace(/^~$/, specifiers['h'] ?? '~');
        break;
      case 'Environment':
        // An empty assignment takes back all before it.
        environment = expanded === '' ? [] : [...environment, ...unitWords(expanded).flatMap((word) => assignment(word))];
        break;
      case 'EnvironmentFile':
        files = expanded === '' ? [] : [...files, { path: expanded.replace(/^-/, ''), optional: expanded.startsWith('-') }];
        break;
      default:
    }
  }
  return {
    argv: said.argv,
    environment,
    environmentFiles: files,
    ...(said.user === '' ? {} : { user: said.user }),
    ...(said.directory.startsWith('/') ? { directory: said.directory } : {}),
  };
}

/** `NAME=value` lines of an environment file; comments begin with # or ;. */
export function environmentLines(text: string): readonly (readonly [string, string])[] {
  return text
    .replace(/\\\n/g, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^[#;]/.test(line))
    .flatMap((line) => {
      const [name, value] = assignment(line)[0] ?? ['', ''];
      return name === '' ? [] : [[name, value.trim().replace(/^(['"])([\s\S]*)\1$/, '$2')] as const];
    });
}

function* serviceLines(text: string): Iterable<readonly [string, string]> {
  let section = '';
  const joined = text.replace(/\\\n\s*/g, ' ');
  for (const line of joined.split('\n').map((one) => one.trim())) {
    if (line === '' || /^[#;]/.test(line)) continue;
    const header = /^\[(.*)\]$/.exec(line)?.[1];
    if (header !== undefined) section = header;
    const at = line.indexOf('=');
    if (header === undefined && section === 'Service' && at > 0) yield [line.slice(0, at).trim(), line.slice(at + 1).trim()];
  }
}

function assignment(word: string): readonly (readonly [string, string])[] {
  const at = word.indexOf('=');
  const name = word.slice(0, Math.max(at, 0)).trim();
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? [[name, word.slice(at + 1)]] : [];
}

/** Words of a unit's value: quotes of both kinds, and the escapes that OpenClaw's own units use. */
export function unitWords(text: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < text.length; at += 1) {
    const letter = text.charAt(at);
    if (letter === '\\' && quote !== "'") {
      at += 1;
      word = (word ?? '') + ({ n: '\n', t: '\t', s: ' ' }[text.charAt(at)] ?? text.charAt(at));
    } else if (quote !== '' ? letter === quote : letter === '"' || letter === "'") {
      quote = quote === '' ? letter : '';
      word ??= '';
    } else if (quote === '' && /\s/.test(letter)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + letter;
  }
  return word === undefined ? words : [...words, word];
}
