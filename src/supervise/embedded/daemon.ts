/**
 * The embedded supervisor: one long-running process that keeps the services of one state directory in their wanted state.
 * `daemon --state-dir S --run-dir D` runs in the foreground; `ctl up` starts it detached under flock(1), so there is one at most, and it keeps a
 * standby that follows it.
 */
import { chmodSync, rmSync, writeSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { ServiceStatus } from '../../core/host.ts';
import { PACE, type Pace } from './backoff.ts';
import {
  definitionOf,
  makeOwnDirectory,
  namesIn,
  parseDefinition,
  readOwnFile,
  supervisorPaths,
  writeOwnFile,
  type SupervisorPaths,
} from './files.ts';
import { guardKey, makeGuard, type Guard, type GuardArgv } from './guard.ts';
import { Keeper } from './keeper.ts';
import { rotateLog } from './log.ts';
import { Standby, waitAfterDeaths } from './standby.ts';

const REQUEST_BYTES = 4096;

class Table {
  readonly #paths: SupervisorPaths;
  readonly #pace: Pace;
  readonly #keepers = new Map<string, Keeper>();
  readonly #broken = new Map<string, ServiceStatus>();
  readonly #guards = new Map<string, Guard>();

  /** One after the other: two at once could start a service twice. */
  #reloading: Promise<void> = Promise.resolve();

  constructor(paths: SupervisorPaths, pace: Pace) {
    this.#paths = paths;
    this.#pace = pace;
  }

  list(): readonly ServiceStatus[] {
    return [...[...this.#keepers.values()].map((keeper) => keeper.status()), ...this.#broken.values()];
  }

  /** Takes the definitions as they are on disk: new ones, changed ones (restarted when they run), and none that went away. */
  reload(): Promise<void> {
    this.#reloading = this.#reloading.then(() => this.#reloadOnce());
    return this.#reloading;
  }

  async #reloadOnce(): Promise<void> {
    const names = namesIn(this.#paths.services);
    const settled: Promise<void>[] = [];
    for (const [name, keeper] of this.#keepers) {
      if (names.includes(name)) continue;
      this.#keepers.delete(name);
      settled.push(keeper.stop().catch((cause: unknown) => say(`${name}: ${String(cause)}`)));
    }
    this.#broken.clear();
    for (const name of names) settled.push(this.#load(name));
    await Promise.all(settled);
  }

  async #load(name: string): Promise<void> {
    try {
      const text = readOwnFile(join(this.#paths.services, `${name}.json`));
      const definition = { service: parseDefinition(name, text), hash: definitionOf(text) };
      const existing = this.#keepers.get(name);
      if (existing?.definition.hash === definition.hash) return;
      if (existing !== undefined) await existing.stop();
      const { guard } = definition.service;
      const tools = {
        records: this.#paths.records,
        pace: this.#pace,
        random: Math.random,
        log: say,
        ...(guard === undefined ? {} : { guard: this.#guard(guard) }),
      };
      const keeper = new Keeper(definition, namesIn(this.#paths.wanted).includes(name), tools);
      this.#keepers.set(name, keeper);
      await keeper.settle();
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      say(`${name}: ${reason}`);
      if (!this.#keepers.has(name)) this.#broken.set(name, { name, state: 'failed', restarts: 0, reason });
    }
  }

  #guard(argv: GuardArgv): Guard {
    const key = guardKey(argv);
    const guard = this.#guards.get(key) ?? makeGuard(argv, say);
    this.#guards.set(key, guard);
    return guard;
  }

  async change(op: 'start' | 'stop' | 'restart', name: string): Promise<void> {
    await this.#reloading;
    const keeper = this.#keepers.get(name);
    if (keeper === undefined) throw new Error(this.#broken.get(name)?.reason ?? `no service ${name} is registered`);
    const mark = join(this.#paths.wanted, `${name}.json`);
    if (op === 'stop') rmSync(mark, { force: true });
    else writeOwnFile(mark, '{}');
    if (op !== 'start') await keeper.stop();
    if (op !== 'stop') await keeper.start();
  }

  async tick(): Promise<void> {
    rotateLog(this.#paths.log);
    await Promise.all(
      [...this.#keepers.values()].map((keeper) =>
        keeper.tick().catch((cause: unknown) => say(`${keeper.definition.service.name}: ${String(cause)}`)),
      ),
    );
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.#keepers.values()].map((keeper) => keeper.stop()));
  }
}

function say(line: string): void {
  writeSync(1, `${new Date().toISOString()} ${line}\n`);
}

async function answer(table: Table, program: string, request: { op?: unknown; name?: unknown }, leave: () => void): Promise<object> {
  const { op, name } = request;
  switch (op) {
    case 'list':
      return { ok: true, program, services: table.list() };
    case 'reload':
      await table.reload();
      return { ok: true };
    case 'start':
    case 'stop':
    case 'restart':
      if (typeof name !== 'string') throw new Error('name is missing');
      await table.change(op, name);
      return { ok: true };
    case 'shutdown':
      await table.stopAll();
      leave();
      return { ok: true };
    case 'detach':
      leave();
      return { ok: true };
    default:
      throw new Error('unknown request');
  }
}

function serve(table: Table, program: string, socket: Socket, leave: () => void): void {
  let text = '';
  socket.setTimeout(600_000, () => socket.destroy());
  socket.on('error', () => socket.destroy());
  socket.setEncoding('utf8');
  socket.on('data', (part: string) => {
    text += part;
    const end = text.indexOf('\n');
    if (end < 0 && text.length > REQUEST_BYTES) socket.destroy();
    if (end < 0) return;
    const line = text.slice(0, end);
    text = '';
    let leaving = false;
    // One request per connection; JSON.parse gives an unknown shape, answer() looks at each field.
    const reply = async (): Promise<object> => answer(table, program, JSON.parse(line) as { op?: unknown; name?: unknown }, () => (leaving = true));
    void reply()
      .catch((cause: unknown) => ({ ok: false, message: cause instanceof Error ? cause.message : String(cause) }))
      .then((sent) => socket.end(`${JSON.stringify(sent)}\n`, () => leaving && leave()));
  });
}

async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { 'state-dir': text, 'run-dir': text, program: text, pace: text } });
  process.umask(0o077);
  process.chdir('/');
  const paths = supervisorPaths(values['state-dir'] ?? '', values['run-dir'] ?? '');
  const pace: Pace = { ...PACE, ...(values.pace === undefined ? {} : (JSON.parse(values.pace) as Partial<Pace>)) }; // given by tests
  const wait = waitAfterDeaths(paths, pace);
  say(`supervisor ${process.pid} started${wait === 0 ? '' : `, the one before died young: waiting ${wait} ms`}`);
  const standby = new Standby(paths, pace, say);
  standby.start();
  await new Promise((resolve) => setTimeout(resolve, wait));
  await supervise(paths, pace, values.program ?? '', standby);
}

async function supervise(paths: SupervisorPaths, pace: Pace, program: string, standby: Standby): Promise<void> {
  for (const path of [paths.services, paths.wanted, paths.records]) makeOwnDirectory(path);
  const table = new Table(paths, pace);
  const leave = (): void => {
    rmSync(paths.socket, { force: true });
    void standby.end().finally(() => process.exit(0));
  };
  rmSync(paths.socket, { force: true }); // flock says that no other supervisor lives
  const server = createServer((socket) => serve(table, program, socket, leave));
  server.listen(paths.socket, () => chmodSync(paths.socket, 0o600));
  let ticking = false;
  setInterval(() => {
    if (ticking) return;
    ticking = true;
    void table
      .tick()
      .catch((cause: unknown) => say(String(cause)))
      .finally(() => (ticking = false));
  }, pace.tickMs);
  process.on('SIGTERM', () => void table.stopAll().finally(leave));
  process.on('SIGINT', () => void table.stopAll().finally(leave));
  await table.reload();
}

await main();
