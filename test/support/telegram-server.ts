/**
 * The part of Telegram's Bot API that OpenClaw's client speaks, on addresses of the test's own. Updates wait for whoever asks next; a request that
 * waits is ended with 409 when another one comes for the same bot. Source: core.telegram.org/bots/api; tdlib/telegram-bot-api Client.cpp
 * (`do_get_updates`, `abort_long_poll`, `fail_query_conflict`: answers 409 at most once in three seconds, the others wait for three).
 * As a process: `node telegram-server.ts --host 127.0.0.1 --port 8081`; then POST /say with `{"token", "from", "text"}`, and GET /seen.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

export interface Sent {
  /** Id of the bot, from its token. */
  readonly bot: string;
  readonly chat: string;
  readonly text: string;
}

export interface TelegramSeen {
  readonly sent: readonly Sent[];
  /** Requests that were ended with 409, by bot. */
  readonly conflicts: Readonly<Record<string, number>>;
  /** Requests for updates, by bot. */
  readonly polls: Readonly<Record<string, number>>;
}

export interface TelegramServer {
  /** Somebody writes to a bot. */
  say(token: string, from: number, text: string): void;
  seen(): TelegramSeen;
  close(): Promise<void>;
}

type Fields = Readonly<Record<string, unknown>>;

const CONFLICT = 'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running';
const CONFLICT_EVERY_MS = 3000;

interface Waiting {
  answer(): void;
  conflict(): void;
}

interface Bot {
  readonly id: string;
  updates: readonly { readonly update_id: number; readonly message: Fields }[];
  waiting?: Waiting | undefined;
  polls: number;
  conflicts: number;
  nextConflictAt: number;
}

export async function startTelegram(hosts: readonly string[], port: number): Promise<TelegramServer> {
  const bots = new Map<string, Bot>();
  const sent: Sent[] = [];
  let last = 1000;
  const botOf = (token: string): Bot => {
    const bot = bots.get(token) ?? { id: token.split(':')[0] ?? '', updates: [], polls: 0, conflicts: 0, nextConflictAt: 0 };
    bots.set(token, bot);
    return bot;
  };
  const count = (what: 'polls' | 'conflicts') => Object.fromEntries([...bots.values()].map((bot) => [bot.id, bot[what]]));
  const server: TelegramServer = {
    say: (token, from, text) => {
      const bot = botOf(token);
      last += 1;
      const person = { id: from, is_bot: false, first_name: `Person ${from}` };
      const message = {
        message_id: last,
        date: Math.floor(Date.now() / 1000),
        chat: { id: from, type: 'private', first_name: 'P' },
        from: person,
        text,
      };
      bot.updates = [...bot.updates, { update_id: last, message }];
      bot.waiting?.answer();
    },
    seen: () => ({ sent: [...sent], conflicts: count('conflicts'), polls: count('polls') }),
    close: async () => void (await Promise.all(servers.map(close))),
  };
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://telegram');
    const fields: Fields = { ...Object.fromEntries(url.searchParams), ...(await bodyOf(request)) };
    if (url.pathname === '/seen') return json(response, 200, server.seen());
    if (url.pathname === '/say') {
      server.say(String(fields['token']), Number(fields['from']), String(fields['text']));
      return json(response, 200, { ok: true });
    }
    const [, token, method] = /^\/bot([^/]+)\/(\w+)$/.exec(url.pathname) ?? [];
    if (token === undefined || method === undefined) return json(response, 404, { ok: false, error_code: 404, description: 'Not Found' });
    const bot = botOf(token);
    const me = { id: Number(bot.id), is_bot: true, first_name: `Bot ${bot.id}`, username: `bot_${bot.id}_bot`, can_join_groups: true };
    switch (method) {
      case 'getUpdates':
        return poll(bot, fields, response);
      case 'getMe':
        return json(response, 200, { ok: true, result: me });
      case 'sendMessage': {
        last += 1;
        const [chat, text] = [String(fields['chat_id']), String(fields['text'])];
        sent.push({ bot: bot.id, chat, text });
        const result = { message_id: last, date: Math.floor(Date.now() / 1000), chat: { id: Number(chat), type: 'private' }, from: me, text };
        return json(response, 200, { ok: true, result });
      }
      case 'getMyCommands':
        return json(response, 200, { ok: true, result: [] });
      case 'getWebhookInfo':
        return json(response, 200, { ok: true, result: { url: '', has_custom_certificate: false, pending_update_count: bot.updates.length } });
      default:
        return json(response, 200, { ok: true, result: true });
    }
  };
  const servers = await Promise.all(hosts.map((host) => listen(host, port, handle)));
  return server;
}

/** Offset confirms all updates before it, for everybody. */
function poll(bot: Bot, fields: Fields, response: ServerResponse): void {
  bot.polls += 1;
  const offset = Number(fields['offset'] ?? 0);
  bot.updates = bot.updates.filter(({ update_id }) => update_id >= offset);
  const answer = (): void => json(response, 200, { ok: true, result: bot.updates });
  const seconds = Math.min(Number(fields['timeout'] ?? 0), 50);
  if (bot.updates.length > 0 || seconds === 0) return answer();
  bot.waiting?.conflict();
  const end = (then: () => void): void => {
    clearTimeout(timer);
    if (bot.waiting === waiting) bot.waiting = undefined;
    then();
  };
  const waiting: Waiting = {
    answer: () => end(answer),
    conflict: () =>
      end(() => {
        bot.conflicts += 1;
        const refuse = (): void => json(response, 409, { ok: false, error_code: 409, description: CONFLICT });
        const isEarly = Date.now() < bot.nextConflictAt;
        if (isEarly) setTimeout(refuse, CONFLICT_EVERY_MS).unref();
        else {
          bot.nextConflictAt = Date.now() + CONFLICT_EVERY_MS;
          refuse();
        }
      }),
  };
  const timer = setTimeout(waiting.answer, seconds * 1000);
  bot.waiting = waiting;
  // A client that went away waits for nothing.
  response.on('close', () => {
    if (!response.writableEnded) end(() => undefined);
  });
}

async function bodyOf(request: IncomingMessage): Promise<Fields> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('utf8');
  try {
    return JSON.parse(text || '{}') as Fields;
  } catch {
    return Object.fromEntries(new URLSearchParams(text));
  }
}

function json(response: ServerResponse, status: number, value: unknown): void {
  if (!response.writableEnded) response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

async function listen(host: string, port: number, handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>): Promise<Server> {
  const server = createServer((request, response) => void handle(request, response).catch(() => response.destroy()));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, resolve);
  });
  return server;
}

async function close(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values } = parseArgs({ options: { host: { type: 'string', default: '127.0.0.1' }, port: { type: 'string', default: '8081' } } });
  await startTelegram([values.host], Number(values.port));
}
