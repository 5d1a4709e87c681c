/** Text as systemd reads it back unchanged. Sources: systemd.syntax(7), systemd.unit(5) specifiers, systemd.service(5) command lines. */

const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\t': '\\t', '\r': '\\r', '"': '\\"', '\\': '\\\\', '%': '%%' };

/** One word of a command line or of Environment=, always quoted: a bare `;` would begin a second command. Throws on NUL. */
export function quoteWord(word: string): string {
  if (word.includes('\0')) throw new Error('a NUL cannot be written into a unit');
  const escaped = word.replaceAll(/["\\%]|[\u0000-\u001f\u007f]/g, (sign) => NAMED[sign] ?? `\\x${sign.charCodeAt(0).toString(16).padStart(2, '0')}`);
  return `"${escaped}"`;
}

/** A command line for ExecStart= and its like. The colon switches substitution of variables off, so `$` needs no escape. */
export function quoteCommand(argv: readonly string[]): string {
  const [program = '', ...args] = argv;
  // Other first characters are flags to systemd.
  if (!/^[A-Za-z0-9/]/.test(program)) throw new Error(`not a program that a unit can name: ${JSON.stringify(program)}`);
  return `:${[program, ...args].map(quoteWord).join(' ')}`;
}

/** A setting that systemd does not unquote (paths, descriptions): specifiers only. Throws when it would not stay on its line. */
export function plainText(text: string): string {
  if (/[\u0000-\u001f\u007f]/.test(text) || text.endsWith('\\') || text !== text.trim())
    throw new Error(`cannot be written into a unit: ${JSON.stringify(text)}`);
  return text.replaceAll('%', '%%');
}
