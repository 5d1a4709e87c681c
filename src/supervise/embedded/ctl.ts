/**
 * Control of the embedded supervisor, one argv per Command: `ctl up|observe|register|unregister|reload|start|stop|restart|shutdown|detach
 * --state-dir S --run-dir D [NAME]`. `register` reads the definition from standard input; `observe` also works while no supervisor lives.
 */
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ask, ANSWER_MS, askLiving, awaitGone, endSilent, pause, tell } from './client.ts';
import { makeOwnDirectory, NAME, parseDefinition, supervisorPaths, writeOwnFile, type SupervisorPaths } from './files.ts';
import { openLog } from './log.ts';
import { installProgram, programVersion } from './program.ts';
import { readServices } from './services.ts';

/** Exit of flock(1) when another process holds the lock. */
const LOCKED = 75;

/** Starts the supervisor, or replaces one that runs another program: the new one adopts what the old one leaves running. */
async function up(paths: SupervisorPaths, pace: string | undefined): Promise<void> {
  const version = programVersion(process.execPath);
  const reply = await askLiving(paths, { op: 'list' });
  if (reply?.program === version) return;
  if (reply !== undefined) await tell(paths, { op: 'detach' });
  if (reply !== undefined) await awaitGone(paths);
  await endSilent(paths);
  rmSync(paths.starts, { force: true });
  const umask = process.umask(0o066); // tenants pass through these two
  mkdirSync(paths.stateDir, { recursive: true });
  mkdirSync(paths.runDir, { recursive: true });
  process.umask(umask);
  for (const path of [paths.services, paths.wanted, paths.records]) makeOwnDirectory(path);
  installProgram(paths);
  await launch(paths, ['--program', version, ...(pace === undefined ? [] : ['--pace', pace])]);
}

/** Resolves when the supervisor answers. */
async function launch(paths: SupervisorPaths, more: readonly string[]): Promise<void> {
  const log = openLog(paths.log);
  // It waits and looks, so compiled code gains nothing: without it 2 MB less, and no memory that is written and executed.
  const node = [process.execPath, '--no-warnings', '--jitless', '--max-old-space-size=32', '--max-semi-space-size=1'];
  const program = [paths.daemon, '--state-dir', paths.stateDir, '--run-dir', paths.runDir, ...more];
  // Node closes inherited descriptors on exec, so the lock is held by the supervisor alone and not by what it starts.
  const child = spawn('flock', ['--nonblock', '--no-fork', '--conflict-exit-code', String(LOCKED), paths.lock, ...node, ...program], {
    stdio: ['ignore', log, log],
    detached: true,
    cwd: '/',
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
  });
  closeSync(log);
  let ended: string | undefined;
  child.on('error', (error) => (ended = error.message));
  child.on('exit', (exit, signal) => (ended = exit === LOCKED ? undefined : (signal ?? `exit ${exit}`)));
  const deadline = Date.now() + ANSWER_MS;
  while ((await ask(paths, { op: 'list' })) === undefined) {
    if (ended !== undefined) await endSilent(paths); // its standby would try again for ever
    if (ended !== undefined) throw new Error(`the supervisor ended at once (${ended}), see ${paths.log}`);
    if (Date.now() > deadline) throw new Error(`the supervisor does not answer within ${ANSWER_MS / 1000} s, see ${paths.log}`);
    await pause();
  }
  child.unref();
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
      return up(paths, values.pace);
    case 'observe':
      process.stdout.write(`${JSON.stringify(await readServices(paths, process.execPath))}\n`);
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
      await tell(paths, { op }, true);
      return awaitGone(paths);
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
