/** The supervisor's files: definitions, the wanted state, and the record of what runs. Root's (or the operator's) own, 0600. */
import { createHash } from 'node:crypto';
import { closeSync, constants, fchmodSync, fstatSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Service } from '../../core/host.ts';
import type { ProcessId } from './process.ts';

const DEFINITION_BYTES = 256 * 1024;
export const NAME = /^[a-z0-9-]{1,31}$/;

export interface SupervisorPaths {
  readonly stateDir: string;
  readonly runDir: string;
  readonly services: string;
  readonly wanted: string;
  readonly daemon: string;
  readonly log: string;
  readonly socket: string;
  readonly lock: string;
  /** When the last supervisor started, and how many died young before it. */
  readonly starts: string;
  readonly records: string;
}

export function supervisorPaths(stateDir: string, runDir: string): SupervisorPaths {
  const own = join(stateDir, 'supervisor');
  return {
    stateDir,
    runDir,
    services: join(own, 'services'),
    wanted: join(own, 'wanted'),
    daemon: join(own, 'program/daemon.mjs'),
    log: join(own, 'supervisor.log'),
    socket: join(runDir, 'supervisor.sock'),
    lock: join(runDir, 'supervisor.lock'),
    starts: join(runDir, 'supervisor.starts'),
    records: join(runDir, 'services'),
  };
}

/** What the supervisor remembers of a running service, so that its successor adopts instead of starting a second. */
export interface RunRecord {
  readonly boot: string;
  readonly definition: string;
  readonly top: ProcessId;
  readonly forwarder?: ProcessId;
  readonly restarts: number;
}

/** SHA-256 (hex) of a definition's text. */
export function definitionOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Opens without following a link and refuses what another user could have written. Throws with the path in the message. */
export function readOwnFile(path: string, maxBytes = DEFINITION_BYTES): string {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile() || stat.uid !== process.geteuid?.() || (stat.mode & 0o022) !== 0)
      throw new Error(`${path}: not a plain file that only its owner, the supervisor's user, can write`);
    if (stat.size > maxBytes) throw new Error(`${path}: larger than ${maxBytes} bytes`);
    return readFileSync(fd, 'utf8');
  } finally {
    closeSync(fd);
  }
}

/** Replaces a file whole or not at all. */
export function writeOwnFile(path: string, text: string): void {
  const draft = `${path}.${process.pid}.new`;
  rmSync(draft, { force: true });
  const fd = openSync(draft, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600);
  try {
    fchmodSync(fd, 0o600);
    writeSync(fd, text);
  } finally {
    closeSync(fd);
  }
  renameSync(draft, path);
}

export function makeOwnDirectory(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
}

/** Names registered in a directory; [] only when the directory does not exist. */
export function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory)
      .filter((file) => file.endsWith('.json'))
      .map((file) => file.slice(0, -5))
      .filter((name) => NAME.test(name))
      .sort();
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return [];
    throw cause;
  }
}

/** Checks the shape of a definition; throws with what is wrong. */
export function parseDefinition(name: string, text: string): Service {
  const value: unknown = JSON.parse(text);
  if (value === null || typeof value !== 'object') throw new Error(`definition of ${name}: not an object`);
  const service: Partial<Service> = value; // every field used is looked at below before it counts as a Service
  for (const [holds, demand] of demands(name, service)) if (!holds) throw new Error(`definition of ${name}: ${demand}`);
  return service as Service;
}

function* demands(name: string, { publish, guard, ...service }: Partial<Service>): Iterable<readonly [holds: boolean, demand: string]> {
  yield [NAME.test(name) && service.name === name, 'its name must be its file name'];
  yield [isArgv([service.tenant, service.workingDirectory]), 'tenant and workingDirectory must be text'];
  yield [isArgv([service.logFile]) && service.logFile?.startsWith('/') === true, 'logFile must be an absolute path'];
  yield [isArgv(service.argv), 'argv must be texts without NUL'];
  yield [isArgv(['-', ...Object.entries(service.environment ?? { missing: undefined }).flat()]), 'environment must map names to texts'];
  yield [Array.isArray(service.neverRestartExits) && service.neverRestartExits.every(Number.isInteger), 'neverRestartExits must be whole numbers'];
  const grace = service.stopGraceSeconds ?? Number.NaN;
  yield [grace >= 0 && grace <= 300, 'stopGraceSeconds must be within 0 and 300'];
  yield [
    publish === undefined || (isArgv(publish.argv) && Number.isInteger(publish.port) && publish.port > 0 && publish.port < 65536),
    'publish needs argv and a port',
  ];
  yield [guard === undefined || (isArgv(guard.check) && isArgv(guard.restore)), 'guard needs check and restore'];
}

function isArgv(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every((word) => typeof word === 'string' && !word.includes('\0'));
}

export function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}

/** The record of this boot, or undefined: one of an earlier boot, or unreadable, names no process of today. */
export function readRecord(path: string): RunRecord | undefined {
  try {
    const record = JSON.parse(readOwnFile(path)) as RunRecord; // written by writeOwnFile below 0700 directories only
    const valid = record.boot === bootId() && Number.isInteger(record.top?.pid) && record.top.pid > 1 && typeof record.top.startTicks === 'string';
    return valid ? record : undefined;
  } catch {
    return undefined; // the scan for orphans still finds what runs
  }
}
