/**
 * What a tenant talks to, inside its own network: the scripted model and a Bot API server that nobody writes to. Each call is a line on stdout, as a
 * test asserts on it: `{"model": authorization}` or `{"bot": token, "method": …}`. `node outside-world.ts MODEL_PORT BOT_PORT`.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { startScriptedModel } from '../../src/openclaw/scripted-model.ts';

export interface Seen {
  readonly model?: string;
  /** Names of the tools that the agent was offered. */
  readonly tools?: readonly string[];
  readonly bot?: string;
  readonly method?: string;
}

export interface OutsideWorld {
  readonly seen: readonly Seen[];
  /** Forgets what was seen. */
  clear(): void;
  close(): void;
}

/** Starts it in a network namespace of the host, as root. */
export async function outsideWorld(namespace: string, ports: { readonly model: number; readonly bot: number }): Promise<OutsideWorld> {
  const program = new URL(import.meta.url).pathname;
  const argv = ['netns', 'exec', namespace, process.execPath, program, String(ports.model), String(ports.bot)];
  const child: ChildProcess = spawn('ip', argv, { stdio: ['ignore', 'pipe', 'inherit'] });
  const seen: Seen[] = [];
  if (child.stdout === null) throw new Error('no stdout');
  const lines = createInterface({ input: child.stdout });
  await once(lines, 'line');
  lines.on('line', (line) => seen.push(JSON.parse(line) as Seen));
  return { seen, clear: () => void seen.splice(0), close: () => void child.kill() };
}

const [, script = '', modelPort, botPort] = process.argv;
if (import.meta.url === pathToFileURL(script).href) {
  const tell = (what: Seen): boolean => process.stdout.write(`${JSON.stringify(what)}\n`);
  const model = await startScriptedModel({
    host: '127.0.0.1',
    port: Number(modelPort),
    log: () => {
      const { authorization = '', tools = [] } = model.requests.at(-1) ?? {};
      tell({ model: authorization, tools });
    },
  });
  const bot = createServer((request, response) => {
    request.resume();
    const [, token = '', method = ''] = /^\/bot([^/]+)\/(\w+)/.exec(request.url ?? '') ?? [];
    tell({ bot: token, method });
    const me = { id: Number(token.split(':')[0]), is_bot: true, first_name: 'Bot', username: 'trial_bot' };
    const results: Readonly<Record<string, unknown>> = {
      getMe: me,
      getUpdates: [],
      getMyCommands: [],
      getWebhookInfo: { url: '', pending_update_count: 0 },
    };
    const answer = JSON.stringify({ ok: true, result: results[method] ?? true });
    // A long poll that is over soon: nobody ever writes.
    setTimeout(() => response.setHeader('content-type', 'application/json').end(answer), method === 'getUpdates' ? 300 : 0);
  });
  bot.listen({ host: '127.0.0.1', port: Number(botPort) }, () => process.stdout.write('listening\n'));
}
