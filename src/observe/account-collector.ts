/**
 * Runs on a host as whoever runs Bulkhead (Node on standard input): what its root-owned files say of accounts, groups, sudo, logins and clocks. Decides nothing.
 * Job files may hold secrets: only which lines name a program travels. Source: passwd(5), sudoers(5), crontab(5), at(1), systemd.timer(5).
 */
import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { printedBy } from './printed-by.ts';

export interface AccountRequest {
  /** Accounts and groups asked for by name service too: not all of them are in files. */
  readonly uids: readonly number[];
  readonly groups: readonly string[];
  /** A job that names this program, and texts of which one says for which tenant. */
  readonly program: string;
  readonly selecting: readonly string[];
}

interface Text {
  readonly path: string;
  readonly text: string;
}
/** A line that a clock runs; `user` is a name, `uid` where only that is known. */
interface Job {
  readonly where: string;
  readonly user?: string;
  readonly uid?: number;
  readonly mentions: boolean;
  readonly selects: boolean;
}
export interface AccountCollected {
  readonly passwd: string;
  readonly group: string;
  readonly sudoers: readonly Text[];
  readonly polkit: readonly Text[];
  readonly sshd: readonly string[];
  readonly rootKeys: readonly { readonly fingerprint: string; readonly location: string }[];
  readonly lingering: readonly string[];
  /** /etc/subuid and /etc/subgid. */
  readonly subordinate?: readonly Text[];
  readonly jobs: readonly Job[];
  /** What may only be read by root, and was not. */
  readonly closed: readonly string[];
}

const MOST_BYTES = 4 << 20;
const MOST_FILES = 2000;
/** Closed to all but root on an ordinary host. */
const CLOSED = ['/etc/sudoers', '/root', '/var/spool/cron/crontabs', '/var/spool/cron', '/var/spool/cron/atjobs', '/var/spool/at'];
const UNIT_DIRS = ['/etc/systemd/system', '/run/systemd/system', '/usr/local/lib/systemd/system', '/usr/lib/systemd/system', '/lib/systemd/system'];

export async function main(request: AccountRequest): Promise<AccountCollected> {
  return {
    passwd: `${read('/etc/passwd') ?? ''}\n${getent('passwd', request.uids.map(String))}`,
    group: `${read('/etc/group') ?? ''}\n${getent('group', request.groups)}`,
    sudoers: sudoers('/etc/sudoers', new Set()),
    polkit: ['/etc/polkit-1/rules.d', '/usr/local/share/polkit-1/rules.d', '/usr/share/polkit-1/rules.d', '/run/polkit-1/rules.d'].flatMap((dir) =>
      texts(dir, (name) => name.endsWith('.rules')),
    ),
    sshd: [
      { path: '/etc/ssh/sshd_config', text: read('/etc/ssh/sshd_config') ?? '' },
      ...texts('/etc/ssh/sshd_config.d', (name) => name.endsWith('.conf')),
    ]
      .flatMap(({ text }) => text.split('\n'))
      .map((line) => line.trim())
      .filter((line) => /^(?:AuthorizedKeysFile|AuthorizedPrincipalsFile)\s/i.test(line)),
    rootKeys: ['/root/.ssh/authorized_keys', '/root/.ssh/authorized_keys2'].flatMap((path) => keysIn({ path, text: read(path) ?? '' })),
    subordinate: ['/etc/subuid', '/etc/subgid'].map((path) => ({ path, text: read(path) ?? '' })),
    lingering: list('/var/lib/systemd/linger'),
    jobs: [...spooled(request), ...ownCrontab(request), ...systemJobs(request), ...atJobs(request), ...timers(request)],
    closed: CLOSED.filter(isClosed),
  };
}

/** Lines of those that the name service knows; getent(1) ends with 2 when one is not there. */
function getent(database: string, keys: readonly string[]): string {
  if (keys.length === 0) return '';
  try {
    return printedBy('getent', [database, ...keys], { timeoutMs: 20_000 });
  } catch (error) {
    const { status, stdout } = error as { status?: number; stdout?: string }; // an error of execFileSync
    if (status === 2) return stdout ?? '';
    throw error;
  }
}

function sudoers(path: string, seen: Set<string>): readonly Text[] {
  const text = seen.has(path) || seen.size > 200 ? undefined : read(path);
  if (text === undefined) return [];
  seen.add(path);
  const included = [...text.matchAll(/^\s*[@#](include|includedir)\s+(\S+)/gm)].flatMap(([, word, target = '']) => {
    const place = target.startsWith('/') ? target : `/etc/${target}`;
    // sudoers(5): names with a dot or a tilde at their end are passed over.
    return word === 'include' ? sudoers(place, seen) : list(place).flatMap((name) => (/\.|~$/.test(name) ? [] : sudoers(`${place}/${name}`, seen)));
  });
  return [{ path, text }, ...included];
}

function keysIn({ path, text }: Text): AccountCollected['rootKeys'] {
  return text.split('\n').flatMap((line, at) => {
    const key = /(?:^|\s)(?:ssh-|ecdsa-|sk-)\S+\s+([A-Za-z0-9+/=]{40,})/.exec(line)?.[1];
    if (key === undefined || line.trim().startsWith('#')) return [];
    const digest = createHash('sha256').update(Buffer.from(key, 'base64')).digest('base64').replace(/=+$/, '');
    return [{ fingerprint: `SHA256:${digest}`, location: `${path}:${at + 1}` }];
  });
}

/** Crontabs of users: crontab(1) alone writes there, and a link in their place is not followed. */
function spooled(request: AccountRequest): readonly Job[] {
  return ['/var/spool/cron/crontabs', '/var/spool/cron'].flatMap((dir) =>
    list(dir).flatMap((user) => {
      const text = read(`${dir}/${user}`, constants.O_NOFOLLOW);
      return text === undefined ? [] : jobsIn({ path: `${dir}/${user}`, text }, request, user);
    }),
  );
}

/** Where the tables of others are closed, crontab(1) shows one's own; without one, or without cron, there is none. */
function ownCrontab(request: AccountRequest): readonly Job[] {
  const uid = process.getuid?.() ?? 0;
  if (uid === 0) return [];
  try {
    const text = printedBy('crontab', ['-l'], { timeoutMs: 20_000 });
    return jobsIn({ path: 'crontab -l', text }, request, String(uid)).map(({ where, mentions, selects }) => ({ where, mentions, selects, uid }));
  } catch (error) {
    const { status } = error as { status?: number }; // an error of execFileSync
    if (status === 1 || code(error) === 'ENOENT') return [];
    throw error;
  }
}

function systemJobs(request: AccountRequest): readonly Job[] {
  const tables = [{ path: '/etc/crontab', text: read('/etc/crontab') ?? '' }, ...texts('/etc/cron.d', () => true)];
  const scripts = ['hourly', 'daily', 'weekly', 'monthly'].flatMap((period) => texts(`/etc/cron.${period}`, () => true));
  return [
    ...tables.flatMap((table) => jobsIn(table, request)),
    ...scripts.filter(({ text }) => mentions(text, request)).map(({ path, text }) => job(path, 'root', text, request)),
  ];
}

/** Without a `user` each line names its own. Variables above a line are set for it. */
function jobsIn({ path, text }: Text, request: AccountRequest, user?: string): readonly Job[] {
  let variables = '';
  const jobs: Job[] = [];
  for (const [at, line] of text.split('\n').entries()) {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    if (/^\w+\s*=/.test(trimmed)) variables += `${trimmed.replace(/\s*=\s*/, '=')}\n`;
    else {
      const fields = trimmed.split(/\s+/);
      const owner = user ?? fields[trimmed.startsWith('@') ? 1 : 5] ?? '';
      jobs.push(job(`${path}:${at + 1}`, owner, `${variables}${trimmed}`, request));
    }
  }
  return jobs;
}

function job(where: string, user: string, text: string, request: AccountRequest): Job {
  return { where, user, mentions: mentions(text, request), selects: request.selecting.some((word) => text.includes(word)) };
}

function mentions(text: string, { program }: AccountRequest): boolean {
  return text.split(/[^A-Za-z0-9_.-]+/).some((word) => word === program || word === `${program}.mjs`);
}

function atJobs(request: AccountRequest): readonly Job[] {
  return ['/var/spool/cron/atjobs', '/var/spool/at'].flatMap((dir) =>
    list(dir).flatMap((name) => {
      const text = read(`${dir}/${name}`, constants.O_NOFOLLOW);
      // at(1) writes the ids of whoever asked into the second line.
      const uid = /^# atrun uid=(\d+)/m.exec(text ?? '')?.[1];
      return text === undefined || uid === undefined ? [] : [{ ...job(`${dir}/${name}`, '', text, request), uid: Number(uid) }];
    }),
  );
}

function timers(request: AccountRequest): readonly Job[] {
  return UNIT_DIRS.flatMap((dir) =>
    texts(dir, (name) => name.endsWith('.timer')).flatMap(({ path, text }) => {
      const unit = /^\s*Unit\s*=\s*(\S+)/m.exec(text)?.[1] ?? `${path.slice(path.lastIndexOf('/') + 1, -'.timer'.length)}.service`;
      const service = UNIT_DIRS.map((place) => read(`${place}/${unit}`)).find((found) => found !== undefined) ?? '';
      const runs = service.split('\n').filter((line) => /^\s*Exec/.test(line));
      if (!mentions(runs.join('\n'), request)) return [];
      const named = /^\s*EnvironmentFile\s*=/m.test(service);
      const found = job(path, /^\s*User\s*=\s*(\S+)/m.exec(service)?.[1] ?? 'root', service, request);
      return [named ? { ...found, selects: true } : found];
    }),
  );
}

function texts(dir: string, isWanted: (name: string) => boolean): readonly Text[] {
  return list(dir)
    .filter(isWanted)
    .flatMap((name) => {
      const text = read(`${dir}/${name}`);
      return text === undefined ? [] : [{ path: `${dir}/${name}`, text }];
    });
}

function list(dir: string): readonly string[] {
  try {
    const names = readdirSync(dir).toSorted();
    if (names.length > MOST_FILES) throw new Error(`${dir} holds more than ${MOST_FILES} files`);
    return names;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EACCES'].includes(code(error))) return [];
    throw error;
  }
}

function isClosed(path: string): boolean {
  try {
    closeSync(openSync(path, constants.O_RDONLY | constants.O_NONBLOCK));
    return false;
  } catch (error) {
    return code(error) === 'EACCES';
  }
}

/** What is closed is told as such by `closed`: root is never refused. */
function code(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? '';
}

/** Undefined when there is no such plain file. */
function read(path: string, flags = 0): string | undefined {
  let descriptor;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | flags);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO', 'EACCES'].includes(code(error))) return undefined;
    throw error;
  }
  try {
    const { size } = fstatSync(descriptor);
    if (!fstatSync(descriptor).isFile()) return undefined;
    if (size > MOST_BYTES) throw new Error(`${path} has more than ${MOST_BYTES} bytes`);
    const buffer = Buffer.alloc(size);
    let length = 0;
    for (let got = -1; got !== 0 && length < size; length += got) got = readSync(descriptor, buffer, length, size - length, null);
    return buffer.toString('utf8', 0, length);
  } finally {
    closeSync(descriptor);
  }
}
