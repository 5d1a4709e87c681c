/**
 * Runs as a tenant's own OS user (Node on standard input): identity of the directories from which its gateway loads code, text of plugins that names
 * home paths, its SSH keys, the way to its logs. Decides nothing. Everything it meets was written by the tenant: nothing hangs it, nothing is unbounded.
 */
import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readSync, realpathSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { attempt, type Seen } from './seen.ts';

export interface CodeRequest {
  readonly roots: readonly { readonly kind: string; readonly from: string; readonly path: string }[];
  /** Whose `.ssh` is looked at; with `account` that of the account too. */
  readonly homes: readonly string[];
  readonly account: boolean;
  readonly logs: readonly string[];
  /** Name of OpenClaw's default state directory below a home. */
  readonly stateName: string;
}

interface Root {
  readonly kind: string;
  readonly from: string;
  readonly declared: string;
  readonly real: string;
  readonly identity?: string;
  readonly uid?: number;
  readonly gid?: number;
  readonly mode?: number;
}
interface Owned {
  readonly path: string;
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
}
export interface CodeCollected {
  readonly roots: Seen<readonly Root[]>;
  readonly homePathUses: Seen<readonly { readonly file: string; readonly kind: 'home' | 'absolute' }[]>;
  readonly loginKeys: Seen<readonly { readonly kind: 'accepts' | 'holds'; readonly fingerprint: string; readonly location: string }[]>;
  readonly logs: Seen<readonly (readonly Owned[])[]>;
}

const MOST_FILES = 20_000;
const MOST_MILLISECONDS = 8000;
const MOST_FILE_BYTES = 2 << 20;
const MOST_USES = 50;

export async function main(request: CodeRequest): Promise<CodeCollected> {
  return {
    roots: attempt(() => request.roots.map(lookAtRoot)),
    homePathUses: attempt(() => homePathUses(request)),
    loginKeys: attempt(() => [...new Set([...request.homes, ...(request.account ? [homeOfAccount()] : [])])].flatMap(keysBelow)),
    logs: attempt(() => request.logs.flatMap((path) => wayTo(path) ?? [])),
  };
}

/** A uid in a container may have no account on the host, and a directory service may be away: where its keys would lie is then not known. */
function homeOfAccount(): string {
  try {
    return userInfo().homedir;
  } catch {
    throw new Error(`no account of the host has uid ${process.getuid?.()}`);
  }
}

function code(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? '';
}

/** What is absent, or closed to its own user, is told by its name: no code comes from there. */
function lookAtRoot({ kind, from, path }: CodeRequest['roots'][number]): Root {
  try {
    const real = realpathSync(path);
    const found = statSync(real, { bigint: true });
    const [uid, gid, mode] = [Number(found.uid), Number(found.gid), Number(found.mode & 0o7777n)];
    return { kind, from, declared: path, real, identity: `${found.dev}:${found.ino}`, uid, gid, mode };
  } catch (error) {
    if (!['ENOENT', 'EACCES', 'ENOTDIR', 'ELOOP'].includes(code(error))) throw error;
    return { kind, from, declared: path, real: path };
  }
}

/** Scripts below the plugin roots, links not followed. A search that is cut short throws: the rest may hold what it did not see. */
function homePathUses({ roots, stateName }: CodeRequest): readonly { readonly file: string; readonly kind: 'home' | 'absolute' }[] {
  const found: { file: string; kind: 'home' | 'absolute' }[] = [];
  const deadline = Date.now() + MOST_MILLISECONDS;
  const name = stateName.replace(/[.]/g, '\\.');
  const absolute = new RegExp(`["'\`](?:/root|/home/[^/"'\`]+|/Users/[^/"'\`]+)/${name}\\b`);
  const home = new RegExp(`(?:~/|[/"'\`])${name}(?=[/"'\`])`);
  let files = 0;
  const todo = roots.filter(({ kind }) => kind === 'plugins').map(({ path }) => path);
  for (let place = todo.pop(); place !== undefined; place = todo.pop()) {
    const status = lstatSync(place, { throwIfNoEntry: false });
    if (status?.isDirectory() === true) todo.push(...list(place).map((entry) => `${place}/${entry}`));
    if (status?.isFile() !== true || !/\.(?:[cm]?[jt]s|json|sh)$/.test(place)) continue;
    files += 1;
    if (files > MOST_FILES || Date.now() > deadline) throw new Error(`the search in plugins was cut short after ${files} files`);
    const text = read(place);
    const kind = absolute.test(text) ? 'absolute' : home.test(text) ? 'home' : undefined;
    if (kind !== undefined && found.length < MOST_USES) found.push({ file: place.slice(0, 4096), kind });
  }
  return found;
}

function list(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if (code(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Never blocks on a FIFO, never reads a device; of a file that is too large only its beginning. Empty when it is gone. */
function read(path: string): string {
  let descriptor;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(code(error))) return '';
    throw error;
  }
  try {
    if (!fstatSync(descriptor).isFile()) throw new Error(`${path} is not a plain file`);
    const buffer = Buffer.alloc(Math.min(Math.max(fstatSync(descriptor).size, 0), MOST_FILE_BYTES));
    let length = 0;
    for (let got = -1; got !== 0 && length < buffer.length; length += got) got = readSync(descriptor, buffer, length, buffer.length - length, null);
    return buffer.toString('utf8', 0, length);
  } finally {
    closeSync(descriptor);
  }
}

type Keys = readonly { readonly kind: 'accepts' | 'holds'; readonly fingerprint: string; readonly location: string }[];

/** Public halves only: authorized_keys, and the .pub beside each private key. sshd(8), ssh-keygen(1). */
function keysBelow(home: string): Keys {
  const dir = `${home}/.ssh`;
  const names = lstatSync(dir, { throwIfNoEntry: false })?.isDirectory() === true ? list(dir).slice(0, 200) : [];
  const accepted = names.filter((name) => /^authorized_keys2?$/.test(name)).flatMap((name) => keysIn(`${dir}/${name}`, 'accepts'));
  const held = names
    .filter((name) => name.endsWith('.pub') && names.includes(name.slice(0, -4)))
    .flatMap((name) => keysIn(`${dir}/${name}`, 'holds'));
  return [...accepted, ...held].slice(0, 500);
}

function keysIn(path: string, kind: 'accepts' | 'holds'): Keys {
  return read(path)
    .split('\n')
    .flatMap((line, at) => {
      const key = /(?:^|\s)(?:ssh-|ecdsa-|sk-)\S+\s+([A-Za-z0-9+/=]{40,})/.exec(line)?.[1];
      if (key === undefined || line.trim().startsWith('#')) return [];
      const digest = createHash('sha256').update(Buffer.from(key, 'base64')).digest('base64').replace(/=+$/, '');
      return [{ kind, fingerprint: `SHA256:${digest}`, location: `${path}:${at + 1}` }];
    });
}

/** Each directory from `/` and the file; nothing when it is not there. Links are taken as what they name. */
function wayTo(path: string): readonly (readonly Owned[])[] {
  try {
    const real = realpathSync(path);
    const steps = ['/', ...[...real.matchAll(/\/[^/]+/g)].map(({ index, 0: part }) => real.slice(0, index + part.length))];
    return [
      steps.map((step) => {
        const { uid, gid, mode } = statSync(step);
        return { path: step, uid, gid, mode: mode & 0o7777 };
      }),
    ];
  } catch (error) {
    if (code(error) === 'ENOENT') return [];
    throw error;
  }
}
