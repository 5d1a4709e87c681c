/** The supervisor's program: its own copy below the state directory, so that it outlives the checkout that started it. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join } from 'node:path';
import { writeOwnFile, type SupervisorPaths } from './files.ts';

/** The supervisor's own files: they import each other and node:* only. */
const PROGRAM = ['daemon', 'keeper', 'signals', 'process', 'files', 'forward', 'guard', 'log', 'backoff', 'standby'];

function* sources(): Iterable<readonly [part: string, text: string]> {
  const kind = import.meta.filename.endsWith('.ts') ? 'ts' : 'js';
  for (const part of PROGRAM) yield [part, readFileSync(join(import.meta.dirname, `${part}.${kind}`), 'utf8')];
}

/** SHA-256 (hex) of the program and of the path of the Node that runs it, links resolved: another one is to be replaced. */
export function programVersion(node: string): string {
  const hash = createHash('sha256').update(node);
  for (const [part, text] of sources()) hash.update(`\0${part}\0${text}`);
  return hash.digest('hex');
}

/** Writes plain JavaScript: type stripping at run time would cost the supervisor 17 MB. Nothing may be running from there. */
export function installProgram(paths: SupervisorPaths): void {
  const folder = dirname(paths.daemon);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const typed = import.meta.filename.endsWith('.ts');
  for (const [part, text] of sources()) {
    const plain = typed ? stripTypeScriptTypes(text) : text;
    writeOwnFile(join(folder, `${part}.mjs`), plain.replaceAll(/(from '\.\/[a-z-]+)\.[tj]s'/g, "$1.mjs'"));
  }
}
