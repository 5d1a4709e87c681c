/**
 * The program that attacks: sent on standard input to Node inside the attacker's boundary. It decides nothing; it tries each
 * action once, within a limit of time and bytes, and prints one JSON line per attempt as it ends. What it imports travels with it.
 */
import { lstatSync } from 'node:fs';
import type { RanAs } from '../core/probe.ts';
import { ownNamespaces } from '../openclaw/own-namespaces.ts';
import type { Action, Answer, InsideRequest, Page, Tool, Turn } from './actions.ts';
import { codeOf } from './attempts/code.ts';
import { onDescriptors } from './attempts/descriptors.ts';
import { onDisk } from './attempts/disk.ts';
import { engine, manage } from './attempts/engines.ts';
import { create, link, list, readStart, readThrough, replace, watch } from './attempts/files.ts';
import { onGroup } from './attempts/groups.ts';
import { readMemories } from './attempts/ipc.ts';
import { connect, GATEWAY_MS, http, NETWORK_MS, scan, socket } from './attempts/network.ts';
import { pair } from './attempts/pairing.ts';
import { become, elevate } from './attempts/privileges.ts';
import { cmdline, onProcess, processes, traceChild } from './attempts/processes.ts';
import { agentsAt, settleIn } from './attempts/agents.ts';
import { runTool, takeTurns, type Talk } from './attempts/tools.ts';
import { leftovers, openAny } from './attempts/walk.ts';

export async function main(request: InsideRequest): Promise<{ ranAs: RanAs; done: number }> {
  // Refusals by the thousand are what is expected, and nobody looks at where they were made: half the cost of one.
  Error.stackTraceLimit = 0;
  const ranAs = whereAmI();
  print({ ranAs });
  const token = request.token ?? '';
  const doors: Doors = new Map();
  const of = <K extends Action>(is: (action: Action) => action is K): { readonly key: string; readonly action: K }[] =>
    request.attempts.flatMap(({ key, action }) => (is(action) ? [{ key, action }] : []));
  const [turns, tools, pages, memories, queue] = [of(isTurn), of(isTool), of(isOwnPage), of(isMemory), of(isOther)];
  const attempt = async ({ key, action }: (typeof queue)[number]): Promise<void> => print({ key, ...(await tryOnce(action, token, doors)) });
  const lane = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await attempt(next);
  };
  // What its own gateway may have or not is asked once it shows what it has: one that is busy was seen not to know yet what it had been told.
  const ask = async (): Promise<void> => {
    const [present, others] = [pages.filter((page) => page.action.present === true), pages.filter((page) => page.action.present !== true)];
    await Promise.all(present.map(attempt));
    for (const next of others) await attempt(next);
  };
  const remember = async (): Promise<void> => {
    const answers = await readMemories(memories.map(({ action }) => action.key));
    for (const [index, answer] of answers.entries()) print({ key: memories[index]?.key, ...answer });
  };
  /** Tools of the gateway come last: they cost it most, and what the other attacks ask of it would wait for them. */
  const through = async (others: Promise<unknown>): Promise<void> => {
    const port = turns[0]?.action.port ?? tools[0]?.action.port;
    if (port === undefined) return;
    const talk: Talk = { token, agents: await agentsAt(port, token), workspace: request.workspace };
    const leave = settleIn(talk.agents, talk.workspace);
    const run = async (): Promise<void> => {
      await others;
      for (let next = tools.shift(); next !== undefined; next = tools.shift()) print({ key: next.key, ...(await runTool(next.action, talk)) });
    };
    const take = takeTurns(
      turns.map(({ action }) => action),
      talk,
      (index, answer) => print({ key: turns[index]?.key, ...answer }),
    );
    await Promise.all([take, ...Array.from({ length: 4 }, run)]).finally(leave);
  };
  const others = Promise.all([ask(), remember(), ...Array.from({ length: 16 }, lane)]);
  await Promise.all([others, through(others)]);
  return { ranAs, done: request.attempts.length };
}

const isTurn = (action: Action): action is Turn => action.kind === 'turn';
const isTool = (action: Action): action is Tool => action.kind === 'tool';
const isOwnPage = (action: Action): action is Page => action.kind === 'page' && action.own === true;
type Memory = Extract<Action, { kind: 'memory' }>;
const isMemory = (action: Action): action is Memory => action.kind === 'memory';
const isOther = (action: Action): action is Other => !isTurn(action) && !isTool(action) && !isOwnPage(action) && !isMemory(action);
type Other = Exclude<Action, Turn | Tool | Memory>;

function print(line: unknown): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function whereAmI(): RanAs {
  const number = (value: number | undefined): number => value ?? -1;
  return {
    uid: number(process.getuid?.()),
    gid: number(process.getgid?.()),
    groups: process.getgroups?.() ?? [],
    // One that is left out cannot be compared and counts as unproven.
    namespaces: ownNamespaces(),
    configPath: process.env['OPENCLAW_CONFIG_PATH'] ?? '',
  };
}

type OnFiles = Extract<Action, { kind: 'read' | 'list' | 'create' | 'see' | 'link' | 'symlink' | 'watch' | 'replace' }>;

/** What was obtained. Throws the error of the refusal. */
function onFiles(action: OnFiles): string {
  switch (action.kind) {
    case 'read':
      return readStart(action.path);
    case 'list':
      return list(action.path);
    case 'create':
      return create(action.path);
    case 'see':
      return lstatSync(action.path).isDirectory() ? 'directory' : 'file';
    case 'link':
      return link(action.path, action.to);
    case 'symlink':
      return readThrough(action.path, action.to);
    case 'watch':
      return watch(action.path);
    case 'replace':
      return replace(action.path);
  }
}

type OnHost = Extract<Action, { kind: 'open' | 'leftovers' | 'cmdline' | 'engine' | 'manage' | 'become' | 'elevate' }>;

/** What is the host's, or is looked for all over it. */
async function tryOnHost(action: OnHost): Promise<Answer> {
  switch (action.kind) {
    case 'open':
      return openAny(action);
    case 'leftovers':
      return leftovers(action);
    case 'cmdline':
      return cmdline(action);
    case 'engine':
      return await engine(action);
    case 'manage':
      return await manage(action);
    case 'become':
      return await become(action);
    case 'elevate':
      return await elevate(action);
  }
}

async function tryOnce(action: Other, token: string, doors: Doors): Promise<Answer> {
  try {
    switch (action.kind) {
      case 'read':
      case 'list':
      case 'create':
      case 'see':
      case 'link':
      case 'symlink':
      case 'watch':
      case 'replace':
        return { ok: true, got: onFiles(action) };
      case 'processes':
        return processes(action);
      case 'signal':
      case 'inspect':
      case 'trace':
        return onProcess(action);
      case 'trace-child':
        return traceChild();
      case 'group':
        return { ok: true, got: onGroup(action) };
      case 'descriptors':
        return onDescriptors(action);
      case 'disk':
        return { ok: true, got: onDisk(action) };
      case 'open':
      case 'leftovers':
      case 'cmdline':
      case 'engine':
      case 'manage':
      case 'become':
      case 'elevate':
        return await tryOnHost(action);
      default:
        return await reach(action, token, doors);
    }
  } catch (error) {
    return { ok: false, code: codeOf(error) };
  }
}

type OverNetwork = Extract<Action, { kind: 'connect' | 'unix' | 'fetch' | 'invoke' | 'ask' | 'socket' | 'pair' | 'scan' | 'page' }>;
/** What a plain connection to a host and port gave: each is tried once. */
type Doors = Map<string, Promise<Answer>>;

/**
 * Where a plain connection is refused, so is all that would go through it; and many at once are not all told why, since the kernel limits
 * the rate of its refusals. Node's WebSocket client hides the reason altogether.
 */
async function reach(action: OverNetwork, token: string, doors: Doors): Promise<Answer> {
  if (action.kind === 'unix') return await http({ socketPath: action.path, path: '/', ms: NETWORK_MS });
  if (action.kind === 'scan') return await scan(action.host, action.ports);
  const { host, port } = action;
  const door = `${host} ${port}`;
  const known = doors.get(door) ?? connect({ host, port });
  doors.set(door, known);
  const reached = await known;
  return reached.ok ? await enter(action, token) : reached;
}

async function enter(action: Exclude<OverNetwork, { kind: 'unix' | 'scan' }>, token: string): Promise<Answer> {
  switch (action.kind) {
    case 'connect':
      return { ok: true, got: 'connected' };
    case 'fetch':
      return await http({ host: action.host, port: action.port, path: '/json/version', ms: NETWORK_MS });
    case 'invoke':
      return await http({ ...action, path: '/tools/invoke', ms: GATEWAY_MS, token, body: '{"tool":"session_status","args":{}}' });
    case 'ask':
      return await http({ ...action, path: '/tools/invoke', ms: GATEWAY_MS, body: '{"tool":"session_status","args":{}}' });
    case 'socket':
      return await socket(action, token);
    case 'pair':
      return await pair(action, token);
    case 'page':
      return action.own === true ? await ownPage(action, token) : await http({ ...action, ms: GATEWAY_MS });
  }
}

const OWN_PAGE_MS = 10_000;
/** Pauses before it is asked again. */
const PAUSES_MS = [1000, 1000, 2000, 3000];

/** What must be there is asked for again. */
async function ownPage(page: Page, token: string): Promise<Answer> {
  const ask = (): Promise<Answer> => http({ ...page, ms: OWN_PAGE_MS, token });
  let answer = await ask();
  for (const pause of page.present === true ? PAUSES_MS : []) {
    if (answer.ok && !answer.got.startsWith('HTTP 404 ')) break;
    await new Promise((resolve) => setTimeout(resolve, pause));
    answer = await ask();
  }
  return answer;
}
