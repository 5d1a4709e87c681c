/**
 * Control of the embedded supervisor, one argv per Command: `ctl up|observe|register|unregister|reload|start|stop|restart|shutdown|detach
 * --state-dir S --run-dir D [NAME]`. `register` reads the definition from standard input; `observe` also works while no supervisor lives.
 */
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { ServiceStatus } from '../../core/host.ts';
import {
  definitionOf,
  makeOwnDirectory,
  NAME,
  namesIn,
  parseDefinition,
  readOwnFile,
  readRecord,
  supervisorPaths,
  writeOwnFile,
  type SupervisorPaths,
} from './files.ts';
import { openLog } from './log.ts';
import { isRunning } from './process.ts';

interface Reply {
  readonly ok: boolean;
  readonly message?: string;
  readonly services?: readonly ServiceStatus[];
}

/** The supervisor's own files: they import each other and node:* only. */
const PROGRAM = ['daemon', 'keeper', 'signals', 'process', 'files', 'forward', 'guard', 'log', 'backoff'];
const REPLY_BYTES = 16 * 1024 * 1024;
/** Exit of flock(1) when another process holds the lock. */
const LOCKED = 75;

/** Undefined when nobody listens; a socket that exists and may not be used is an error. */
function ask(paths: SupervisorPaths, request: object): Promise<Reply | undefined> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(paths.socket);
    let text = '';
    socket.setEncoding('utf8');
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ENOENT' || error.code === 'ECONNREFUSED' ? resolve(undefined) : reject(error),
    );
    socket.on('connect', () => socket.write(`${JSON.stringify(request)}\n`));
    socket.on('data', (part: string) => {
      text += part;
      if (text.length > REPLY_BYTES) socket.destroy(new Error('the supervisor answers too much'));
    });
    socket.on('end', () => {
      try {
        resolve(JSON.parse(text) as Reply); // our own program's answer, from a socket that only we can open
      } catch (cause) {
        reject(new Error('the supervisor ended before it answered', { cause }));
      }
    });
  });
}

/** Puts the program below the state directory, as plain JavaScript: type stripping at run time would cost the supervisor 17 MB. */
function installProgram(paths: SupervisorPaths): string {
  rmSync(paths.program, { recursive: true, force: true });
  mkdirSync(paths.program, { recursive: true, mode: 0o700 });
  const source = import.meta.dirname;
  const typed = import.meta.filename.endsWith('.ts');
  for (const part of PROGRAM) {
    const text = readFileSync(join(source, `${part}.${typed ? 'ts' : 'js'}`), 'utf8');
    const plain = typed ? stripTypeScriptTypes(text) : text;
    writeOwnFile(join(paths.program, `${part}.mjs`), plain.replaceAll(/(from '\.\/[a-z-]+)\.[tj]s'/g, "$1.mjs'"));
  }
  return join(paths.program, 'daemon.mjs');
}

async function up(paths: SupervisorPaths, stateDir: string, runDir: string, pace: string | undefined): Promise<void> {
  if ((await ask(paths, { op: 'list' })) !== undefined) return;
  const umask = process.umask(0o066); // tenants pass through these two
  mkdirSync(stateDir, { recursive: true });
  mkdirSync(runDir, { recursive: true });
  process.umask(umask);
  for (const path of [paths.services, paths.wanted, paths.records]) makeOwnDirectory(path);
  const program = installProgram(paths);
  const log = openLog(paths.log);
  const node = [
    process.execPath,
    '--no-warnings',
    '--max-old-space-size=32',
    '--max-semi-space-size=1',
    program,
    '--state-dir',
    stateDir,
    '--run-dir',
    runDir,
    ...(pace === undefined ? [] : ['--pace', pace]),
  ];
  // Node closes inherited descriptors on exec, so the lock is held by the supervisor alone and not by what it starts.
  const child = spawn('flock', ['--nonblock', '--no-fork', '--conflict-exit-code', String(LOCKED), paths.lock, ...node], {
    stdio: ['ignore', log, log],
    detached: true,
    cwd: '/',
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
  });
  closeSync(log);
  let ended: string | undefined;
  child.on('error', (error) => (ended = error.message));
  child.on('exit', (exit, signal) => (ended = exit === LOCKED ? undefined : (signal ?? `exit ${exit}`)));
  const deadline = Date.now() + 20_000;
  while ((await ask(paths, { op: 'list' })) === undefined) {
    if (ended !== undefined) throw new Error(`the supervisor ended at once (${ended}), see ${paths.log}`);
    if (Date.now() > deadline) throw new Error(`the supervisor does not answer within 20 s, see ${paths.log}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  child.unref();
}

async function observe(paths: SupervisorPaths): Promise<object> {
  const reply = await ask(paths, { op: 'list' });
  const known = new Map((reply?.services ?? []).map((status) => [status.name, status]));
  const services = namesIn(paths.services).map((name) => {
    const status = known.get(name) ?? withoutSupervisor(paths, name);
    return { name, definition: definitionOf(readOwnFile(join(paths.services, `${name}.json`))), status };
  });
  return { alive: reply !== undefined, services };
}

function withoutSupervisor(paths: SupervisorPaths, name: string): ServiceStatus {
  const record = readRecord(join(paths.records, `${name}.json`));
  if (record === undefined || !isRunning(record.top))
    return { name, state: 'stopped', restarts: record?.restarts ?? 0, reason: 'no supervisor runs' };
  return { name, state: 'running', top: record.top.pid, restarts: record.restarts, reason: 'no supervisor runs: it is not restarted when it ends' };
}

async function tell(paths: SupervisorPaths, request: object, absentIsFine = false): Promise<void> {
  const reply = await ask(paths, request);
  if (reply === undefined && !absentIsFine) throw new Error(`no supervisor answers on ${paths.socket}`);
  if (reply?.ok === false) throw new Error(reply.message ?? 'refused');
}

async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const { values, positionals } = parseArgs({ options: { 'state-dir': text, 'run-dir': text, pace: text }, allowPositionals: true });
  const stateDir = values['state-dir'];
  const runDir = values['run-dir'];
  const [op, name = ''] = positionals;
  if (stateDir === undefined || runDir === undefined || op === undefined) throw new Error('--state-dir, --run-dir and an operation are needed');
  const paths = supervisorPaths(stateDir, runDir);
  if (positionals.length > 1 && !NAME.test(name)) throw new Error('the name of a service is 1 to 31 of a-z, 0-9 and -');
  process.umask(0o077);
  switch (op) {
    case 'up':
      return up(paths, stateDir, runDir, values.pace);
    case 'observe':
      process.stdout.write(`${JSON.stringify(await observe(paths))}\n`);
      return;
    case 'register': {
      const definition = readFileSync(0, 'utf8');
      parseDefinition(name, definition);
      makeOwnDirectory(paths.services);
      writeOwnFile(join(paths.services, `${name}.json`), definition);
      return;
    }
    case 'unregister':
      for (const folder of [paths.services, paths.wanted]) rmSync(join(folder, `${name}.json`), { force: true });
      return tell(paths, { op: 'reload' }, true);
    case 'shutdown':
    case 'detach':
      return tell(paths, { op }, true);
    case 'reload':
    case 'start':
    case 'stop':
    case 'restart':
      return tell(paths, { op, name });
    default:
      throw new Error(`unknown operation ${op}`);
  }
}

await main().catch((cause: unknown) => {
  process.stderr.write(`${cause instanceof Error ? cause.message : String(cause)}\n`);
  process.exitCode = 1;
});
