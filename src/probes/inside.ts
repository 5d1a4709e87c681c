/**
 * The program that attacks: sent on standard input to Node inside the attacker's boundary. It decides nothing; it tries each
 * action once, within a limit of time and bytes, and prints one JSON line per attempt as it ends. Imports only `node:*`.
 */
import { closeSync, constants, lstatSync, openSync, opendirSync, readFileSync, readSync, readdirSync, readlinkSync, unlinkSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { connect as tcpConnect } from 'node:net';
import type { RanAs } from '../core/probe.ts';
import type { Action, InsideRequest } from './actions.ts';

type Answer = { readonly ok: true; readonly got: string } | { readonly ok: false; readonly code: string };

/** Refusals by ICMP may take a second each (the kernel limits their rate), so anything shorter would mistake them for silence. */
const NETWORK_MS = 8000;
const TOKEN_MS = 9000;
const TURN_MS = 45_000;
const MAX_BYTES = 4096;
const SILENT: Answer = { ok: false, code: 'TIMEOUT of an earlier turn' };

export async function main(request: InsideRequest): Promise<{ ranAs: RanAs; done: number }> {
  const ranAs = whereAmI();
  print({ ranAs });
  const turns = request.attempts.filter(({ action }) => action.kind === 'turn');
  const queue = request.attempts.filter(({ action }) => action.kind !== 'turn');
  const run = async ({ key, action }: InsideRequest['attempts'][number], known?: Answer): Promise<Answer> => {
    const answer = known ?? (await tryOnce(action, request.token ?? ''));
    print({ key, ...answer });
    return answer;
  };
  const lane = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await run(next);
  };
  const talk = async (): Promise<void> => {
    let isSilent = false;
    for (const turn of turns) {
      // Silent once, silent each time: a fleet whose model is down would be attacked for an hour, to conclude nothing.
      const answer = await run(turn, isSilent ? SILENT : undefined);
      isSilent ||= !answer.ok && answer.code === 'TIMEOUT';
    }
  };
  await Promise.all([talk(), ...Array.from({ length: 16 }, lane)]);
  return { ranAs, done: request.attempts.length };
}

function print(line: unknown): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function whereAmI(): RanAs {
  const namespaces: Record<string, string> = {};
  for (const name of ['net', 'mnt', 'pid', 'ipc', 'uts', 'user', 'cgroup']) {
    try {
      namespaces[name] = /\d+/.exec(readlinkSync(`/proc/self/ns/${name}`))?.[0] ?? '';
    } catch {
      /* Left out: the caller treats a namespace it cannot compare as unproven. */
    }
  }
  const number = (value: number | undefined): number => value ?? -1;
  return {
    uid: number(process.getuid?.()),
    gid: number(process.getgid?.()),
    groups: process.getgroups?.() ?? [],
    namespaces,
    configPath: process.env['OPENCLAW_CONFIG_PATH'] ?? '',
  };
}

async function tryOnce(action: Action, token: string): Promise<Answer> {
  try {
    switch (action.kind) {
      case 'read':
        return { ok: true, got: readStart(action.path) };
      case 'list':
        return { ok: true, got: list(action.path) };
      case 'create':
        return { ok: true, got: create(action.path) };
      case 'see':
        return { ok: true, got: lstatSync(action.path).isDirectory() ? 'directory' : 'file' };
      case 'processes':
        return processes(action);
      case 'connect':
        return await connect(action.host, action.port);
      case 'fetch':
        return await http({ host: action.host, port: action.port, path: '/json/version', ms: NETWORK_MS });
      case 'invoke':
        return await http({ ...action, path: '/tools/invoke', ms: TOKEN_MS, token, body: '{"tool":"session_status","args":{}}' });
      case 'socket': {
        // The WebSocket client of Node hides why it could not connect: the refusal is read from a plain connection first.
        const reached = await connect(action.host, action.port);
        return reached.ok ? await socket(`ws://${bracket(action.host)}:${action.port}`, token) : reached;
      }
      case 'scan':
        return await scan(action.host, action.ports);
      case 'turn':
        return await turn(action.port, token, action.message);
    }
  } catch (error) {
    return { ok: false, code: codeOf(error) };
  }
}

function codeOf(error: unknown): string {
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return `ERROR ${String(error).slice(0, 120)}`;
}

// Files. O_NONBLOCK: a FIFO planted under a path of ours must not hold the probe.
function readStart(path: string, bytes = 256): string {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const buffer = Buffer.alloc(bytes);
    return buffer.toString('utf8', 0, readSync(descriptor, buffer, 0, buffer.length, 0));
  } finally {
    closeSync(descriptor);
  }
}

/** Counts names, and how many of the regular files among them can be opened; contents and names stay unread. */
function list(path: string): string {
  const directory = opendirSync(path);
  let names = 0;
  let openable = 0;
  try {
    for (let entry = directory.readSync(); entry !== null && names < 256; entry = directory.readSync()) {
      names += 1;
      if (!entry.isFile()) continue;
      try {
        closeSync(openSync(`${path}/${entry.name}`, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW));
        openable += 1;
      } catch {
        /* Not openable: exactly what is counted. */
      }
    }
  } finally {
    directory.closeSync();
  }
  return `${names} names, ${openable} files can be opened`;
}

function create(path: string): string {
  closeSync(openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600));
  unlinkSync(path);
  return 'created and removed a file';
}

/** Looks through every visible process for the gateway that uses `stateDir`, and for a way to its files through /proc/pid/root. */
function processes(action: Extract<Action, { kind: 'processes' }>): Answer {
  const needle = `OPENCLAW_STATE_DIR=${action.stateDir}\0`;
  const refusals = new Set<string>();
  for (const pid of readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .slice(0, 4096)) {
    if (pid === String(process.pid)) continue;
    try {
      if (`\0${readStart(`/proc/${pid}/environ`, 131_072)}`.includes(`\0${needle}`))
        return { ok: true, got: `environment of process ${pid} ${startTicks(pid)}` };
    } catch (error) {
      refusals.add(codeOf(error));
    }
    if (action.canary === '') continue;
    try {
      return { ok: true, got: `${readStart(`/proc/${pid}/root${action.canary}`)} through /proc/${pid}/root` };
    } catch (error) {
      refusals.add(codeOf(error));
    }
  }
  if (action.pid === undefined) return { ok: false, code: 'ABSENT' };
  try {
    closeSync(openSync(`/proc/${action.pid}/environ`, constants.O_RDONLY));
    return { ok: true, got: `opened /proc/${action.pid}/environ` };
  } catch (error) {
    return { ok: false, code: codeOf(error) };
  }
}

function startTicks(pid: string): string {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

// Network.
function connect(host: string, port: number): Promise<Answer> {
  return new Promise((resolve) => {
    const end = (answer: Answer): void => {
      connection.destroy();
      resolve(answer);
    };
    const connection = tcpConnect({ host, port });
    connection.setTimeout(NETWORK_MS, () => end({ ok: false, code: 'TIMEOUT' }));
    connection.once('connect', () => end({ ok: true, got: 'connected' }));
    connection.once('error', (error) => end({ ok: false, code: codeOf(error) }));
  });
}

/** Ports that answer, each with the start of what it says to a browser-control request; otherwise every distinct refusal. */
async function scan(host: string, ports: readonly number[]): Promise<Answer> {
  const answers = await Promise.all(ports.map(async (port) => ({ port, answer: await connect(host, port) })));
  const open = answers.filter(({ answer }) => answer.ok);
  if (open.length === 0) return { ok: false, code: [...new Set(answers.map(({ answer }) => (answer.ok ? '' : answer.code)))].join(',') };
  const said = await Promise.all(
    open.slice(0, 32).map(async ({ port }) => {
      const answer = await http({ host, port, path: '/json/version', ms: NETWORK_MS });
      return `${port} ${answer.ok ? answer.got.slice(0, 1000) : answer.code}`;
    }),
  );
  return { ok: true, got: said.join('\n') };
}

function bracket(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

interface HttpAsk {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly ms: number;
  readonly token?: string;
  readonly body?: string;
}

function http(ask: HttpAsk): Promise<Answer> {
  return new Promise((resolve) => {
    const headers: Record<string, string> =
      ask.token === undefined ? {} : { authorization: `Bearer ${ask.token}`, 'content-type': 'application/json' };
    const { host, port, path } = ask;
    const call = httpRequest({ host, port, path, method: ask.body === undefined ? 'GET' : 'POST', headers, agent: false });
    const timer = setTimeout(() => end({ ok: false, code: 'TIMEOUT' }), ask.ms);
    const end = (answer: Answer): void => {
      clearTimeout(timer);
      call.destroy();
      resolve(answer);
    };
    call.once('error', (error) => end({ ok: false, code: codeOf(error) }));
    call.once('response', (response) => {
      let text = '';
      const code = `HTTP ${response.statusCode}`;
      const refused = [401, 403, 429].includes(response.statusCode ?? 0);
      const finish = (): void => end(refused ? { ok: false, code } : { ok: true, got: `${code} ${text}` });
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text = (text + chunk).slice(0, 16 * MAX_BYTES);
        if (text.length >= 16 * MAX_BYTES) finish();
      });
      response.once('end', finish);
      response.once('error', finish);
    });
    call.end(ask.body);
  });
}

/** The gateway's own handshake (protocol 4, openclaw 2026.9.6): challenge, `connect` with the token, `res`. */
function socket(url: string, token: string): Promise<Answer> {
  return new Promise((resolve) => {
    const connection = new WebSocket(url);
    const timer = setTimeout(() => end({ ok: false, code: 'TIMEOUT' }), TOKEN_MS);
    const end = (answer: Answer): void => {
      clearTimeout(timer);
      connection.close();
      resolve(answer);
    };
    const client = { id: 'gateway-client', version: '1.0.0', platform: 'linux', mode: 'backend' };
    const rights = { role: 'operator', scopes: ['operator.read'], caps: [], commands: [], permissions: {} };
    const params = { minProtocol: 4, maxProtocol: 4, client, ...rights, auth: { token }, locale: 'en-US', userAgent: 'bulkhead-probe/1' };
    connection.onerror = () => end({ ok: false, code: 'WS-ERROR' });
    connection.onclose = (event) => end({ ok: false, code: `WS ${event.code}` });
    connection.onmessage = (event) => {
      const frame = parseFrame(String(event.data).slice(0, 1_000_000));
      if (frame.event === 'connect.challenge') connection.send(JSON.stringify({ type: 'req', id: '1', method: 'connect', params }));
      if (frame.type === 'res') end(frame.ok ? { ok: true, got: 'hello: the gateway accepted the token' } : { ok: false, code: `WS ${frame.code}` });
    };
  });
}

function parseFrame(text: string): { type: string; event: string; ok: boolean; code: string } {
  try {
    const frame: unknown = JSON.parse(text);
    const pick = (value: unknown, key: string): unknown => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined);
    const error = pick(frame, 'error');
    const words = [pick(pick(error, 'details'), 'code'), pick(error, 'code')].filter((word) => typeof word === 'string');
    const code = words.includes('AUTH_TOKEN_MISMATCH') ? 'AUTH_TOKEN_MISMATCH' : words.join(' ').replaceAll(',', ' ').slice(0, 80);
    return { type: String(pick(frame, 'type')), event: String(pick(frame, 'event')), ok: pick(frame, 'ok') === true, code };
  } catch {
    return { type: '', event: '', ok: false, code: '' };
  }
}

async function turn(port: number, token: string, message: string): Promise<Answer> {
  const body = JSON.stringify({ model: 'openclaw', stream: false, messages: [{ role: 'user', content: message }] });
  const answer = await http({ host: '127.0.0.1', port, path: '/v1/chat/completions', ms: TURN_MS, token, body });
  return answer.ok ? { ok: true, got: answer.got.slice(0, 2 * MAX_BYTES) } : answer;
}
