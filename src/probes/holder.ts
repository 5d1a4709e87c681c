/**
 * The program that a tenant runs on itself while it is attacked: plants canaries beside its real files, answers on a decoy
 * browser port, holds the squats it tries on others, and undoes all of it when it is released.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, rmdirSync } from 'node:fs';
import { createServer, get, type Server } from 'node:http';
import { DEVICE, removeDevices } from './attempts/pairing.ts';
import { removeJobs } from './attempts/jobs.ts';
import { beginSession, endSession, type OwnSession } from './attempts/session.ts';
import { changed, leftBehind, neighbourMode, pathOf, plant, sweep, takeAway, type Canary } from './canaries.ts';
import { answerOn, exposeDecoy, type Decoy } from './exposed.ts';
import { watchHealth, type Health } from './health.ts';
import { removeMemory, shareMemory } from './attempts/ipc.ts';
import { quietly } from './attempts/quietly.ts';

export interface HolderRequest {
  /** `hold` plants and waits; `release` ends a waiting holder and removes leftovers of any run. */
  readonly mode: 'hold' | 'release';
  /** Absent while holding, made by `release`: a directory in the tenant's own tmp. */
  readonly releaseMark: string;
  /** Where leftovers of a killed run may lie; only names of ours there are touched. */
  readonly sweep: readonly string[];
  readonly canaries: readonly Canary[];
  /** A canary among its agents' notes, in a directory that is made for it where there is none. */
  readonly note?: Canary;
  /** The same in directories that other tenants may use too: nothing else there is looked at. Mode 0600. */
  readonly shared: readonly Canary[];
  /** Abstract name, without the NUL, on which it answers with the nonce. */
  readonly socket: { readonly name: string; readonly nonce: string };
  /** Listeners on 127.0.0.1: the first free candidate is taken. */
  readonly listeners: readonly { readonly name: string; readonly candidates: readonly number[]; readonly nonce: string }[];
  /** Key of the shared memory that it fills. */
  readonly memory: { readonly key: number; readonly nonce: string };
  /** What every attack must be able to find. */
  readonly decoy: Decoy;
  /** Where its managed browser answers while it runs. */
  readonly browserPort: number;
  /** Directories made in /tmp under names that belong to no tenant. */
  readonly squats: readonly string[];
  /** On which its own gateway answers it. */
  readonly gatewayPort: number;
  /** Kept in its own gateway; absent where it has no token. */
  readonly session?: OwnSession;
  readonly maxMs: number;
}

export interface Held {
  readonly ready: true;
  /** surface → path, only those that could be planted. */
  readonly canaries: Readonly<Record<string, string>>;
  readonly shared: Readonly<Record<string, string>>;
  /** Of the decoy process, as the tenant sees it. */
  readonly decoyPid: number;
  readonly listening: Readonly<Record<string, number>>;
  readonly squatted: readonly string[];
  /** Name that the running managed browser gave itself, a random UUID. */
  readonly browser?: string;
  /** Key of the session. */
  readonly session?: string;
  readonly problems: readonly string[];
}

/** What the tenant saw when it was released. */
export interface Released {
  readonly released: true;
  /** Canaries that are gone or changed, and files of attackers that are left. */
  readonly affected: readonly string[];
  /** The same comparison noticed a canary that was changed on purpose. */
  readonly noticesChange: boolean;
  /** Of its own gateway; absent where that did not answer before the attacks. */
  readonly health?: Health;
}

export async function main(request: HolderRequest): Promise<Released> {
  if (request.mode === 'release') return release(request);
  sweep(request.sweep);
  const gateway = gatewayProcesses();
  const watching = await watchHealth(request.gatewayPort);
  const beginning = request.session === undefined ? undefined : beginSession(request.session);
  const shared = plant(request.shared, () => 0o600);
  const notes = notesOf(request);
  const canaries = [...request.canaries, ...notes];
  const held = { ...plant(canaries, neighbourMode), ...squat(request.squats) };
  const browser = await runningBrowser(request.browserPort);
  const servers = await listen(request.listeners);
  const decoy = exposeDecoy(request.decoy);
  const sockets = [
    ...(await answerOn(`\0${request.socket.name}`, request.socket.nonce)),
    ...(await answerOn(request.decoy.socket, request.decoy.nonce)),
  ];
  const memory = await shareMemory(request.memory.key, request.memory.nonce);
  const session = await beginning;
  // What a killed run left is no attacker's of this one.
  await withoutTraces(request.session);
  const problems = [...held.problems, ...shared.problems, ...held.refused, ...servers.problems, ...(memory.ok ? [] : [`memory: ${memory.code}`])];
  const { squatted } = held;
  const ready: Held = {
    ready: true,
    canaries: held.canaries,
    shared: shared.canaries,
    listening: servers.listening,
    squatted,
    decoyPid: decoy.pid,
    problems,
    ...(browser === undefined ? {} : { browser }),
    ...(session === undefined ? {} : { session }),
  };
  process.stdout.write(`${JSON.stringify(ready)}\n`);
  await untilReleased(request.releaseMark, request.maxMs);
  const health = await watching?.end();
  const affected = [...changed(canaries, held.canaries), ...changed(request.shared, shared.canaries), ...leftBehind(request.sweep)];
  const wrong = canaries.map((canary) => ({ ...canary, nonce: `${canary.nonce}-changed` }));
  const noticesChange = changed(wrong, held.canaries).length > changed(canaries, held.canaries).length;
  // One that hangs is not waited for again; a session that it keeps is ended by the next run.
  const kept = health !== undefined && health.after === undefined ? undefined : request.session;
  const own = `${DEVICE} ${request.session?.nonce.slice(0, 8)}`; // its own attempt, where the gateway answered late
  for (const name of await withoutTraces(kept)) if (name !== own) affected.push(`its gateway knows the device "${name}" of an attacker`);
  if (gatewayProcesses() !== gateway) affected.push('its gateway is not the same process as before');
  for (const server of [...servers.open, ...sockets]) {
    server.close();
    server.closeAllConnections();
  }
  decoy.remove();
  await removeMemory(request.memory.key);
  for (const path of held.squatted) quietly(() => rmdirSync(path));
  takeAway(request.shared);
  takeNotes(request);
  sweep(request.sweep);
  if (kept !== undefined) await endSession(kept);
  quietly(() => rmdirSync(request.releaseMark));
  return { released: true, affected, noticesChange, ...(health === undefined ? {} : { health }) };
}

/** For a holder that does not answer: tells it to end, waits until its canaries are gone, then removes what a killed one left. */
async function release(request: HolderRequest): Promise<Released> {
  quietly(() => mkdirSync(request.releaseMark, { mode: 0o700 }));
  const end = Date.now() + 1500;
  const names = new Set([...request.canaries, ...notesOf(request), ...request.shared].map(pathOf));
  while (Date.now() < end && [...names].some((path) => existsSync(path))) await new Promise((resolve) => setTimeout(resolve, 25));
  takeAway(request.shared);
  takeNotes(request);
  sweep(request.sweep);
  await removeMemory(request.memory.key);
  await withoutTraces(request.session);
  if (request.session !== undefined) await endSession(request.session);
  for (const path of request.squats) quietly(() => rmdirSync(path));
  quietly(() => rmSync(request.decoy.directory, { recursive: true, force: true }));
  quietly(() => rmSync(request.decoy.socket, { force: true }));
  quietly(() => rmdirSync(request.releaseMark));
  return { released: true, affected: [], noticesChange: false };
}

function notesOf({ note }: HolderRequest): readonly Canary[] {
  if (note !== undefined) quietly(() => mkdirSync(note.directory, { mode: 0o700 }));
  return note === undefined ? [] : [note];
}

/** The directory too where nothing else is in it. */
function takeNotes({ note }: HolderRequest): void {
  if (note === undefined) return;
  takeAway([note]);
  quietly(() => rmdirSync(note.directory));
}

function squat(paths: readonly string[]): { squatted: string[]; refused: string[] } {
  const squatted: string[] = [];
  const refused: string[] = [];
  for (const path of paths) {
    try {
      mkdirSync(path, { mode: 0o700 });
      squatted.push(path);
    } catch (error) {
      refused.push(String(error).slice(0, 160));
    }
  }
  return { squatted, refused };
}

/** Undefined when none runs: then only the decoy stands for it. What answers may be a neighbour's by a relay: a process of our own must claim the port. */
async function runningBrowser(port: number): Promise<string | undefined> {
  if (!isClaimed(port)) return undefined;
  return await new Promise((resolve) => {
    const call = get({ host: '127.0.0.1', port, path: '/json/version', agent: false, timeout: 5000 }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
        if (text.length > 16_384) call.destroy();
      });
      response.on('close', () => resolve(/\/devtools\/browser\/([0-9a-f-]{36})"/.exec(text)?.[1]));
    });
    call.on('timeout', () => call.destroy());
    call.on('error', () => resolve(undefined));
  });
}

function isClaimed(port: number): boolean {
  let claimed = false;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    quietly(() => {
      // Chromium writes its command line anew, with spaces between the words.
      claimed ||= readFileSync(`/proc/${pid}/cmdline`, 'utf8').split(/[\0 ]/).includes(`--remote-debugging-port=${port}`);
    });
  }
  return claimed;
}

async function listen(wanted: HolderRequest['listeners']): Promise<{ open: Server[]; listening: Record<string, number>; problems: string[] }> {
  const open: Server[] = [];
  const listening: Record<string, number> = {};
  const problems: string[] = [];
  for (const { name, candidates, nonce } of wanted) {
    for (const port of candidates) {
      const server = createServer((_incoming, response) => response.end(nonce));
      const error = await new Promise<string>((resolve) => {
        server.once('error', (cause) => resolve(String(cause)));
        server.listen({ host: '127.0.0.1', port }, () => resolve(''));
      });
      if (error === '') {
        open.push(server);
        const bound = server.address();
        listening[name] = typeof bound === 'object' && bound !== null ? bound.port : port;
        break;
      }
      problems.push(`${name}: ${error.slice(0, 120)}`);
    }
  }
  return { open, listening, problems };
}

async function untilReleased(mark: string, maxMs: number): Promise<void> {
  let stopped = false;
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'])
    process.once(signal, () => {
      stopped = true;
    });
  const end = Date.now() + maxMs;
  while (!stopped && Date.now() < end && !existsSync(mark)) await new Promise((resolve) => setTimeout(resolve, 25));
}

/** Devices that were paired and turns that were scheduled go; gives the names of the devices. */
async function withoutTraces(session: OwnSession | undefined): Promise<readonly string[]> {
  if (session === undefined) return [];
  if (session.schedules) await removeJobs(session.port, session.token);
  return await removeDevices(session.port, session.token);
}

/** `pid@start time` of every gateway process that uses our own state directory; the gateway names itself `openclaw-gateway`. */
function gatewayProcesses(): string {
  const needle = `OPENCLAW_STATE_DIR=${process.env['OPENCLAW_STATE_DIR'] ?? ''}\0`;
  const found: string[] = [];
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    quietly(() => {
      if (!readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('openclaw-gatewa') || !readFileSync(`/proc/${pid}/environ`, 'utf8').includes(needle))
        return;
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      found.push(`${pid}@${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''}`);
    });
  }
  return found.toSorted().join(' ');
}
