/**
 * A model server without a model: OpenAI's chat completions, answering by script, so that an agent takes real turns with no network.
 * `TOOL <name> <json> ENDTOOL` in a user message makes it call that tool once and answer `GOT <what the tool said>`; several are called at once
 * and answered in the same order, each `GOT` on a new line. Anything else is answered `HEARD <text>`. Run it as a process: `node scripted-model.ts --host 127.0.0.1 --port 0`.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const BODY_LIMIT = 8 * 1024 * 1024;
const KEPT_REQUESTS = 200;

/** One model call: what a test can assert on. */
export interface ModelRequest {
  /** Authorization header as received. */
  readonly authorization: string;
  /** Names of the tools the agent was offered. */
  readonly tools: readonly string[];
  /** Text of the last user message, and of the tool results that came last, if any. */
  readonly user: string;
  readonly toolResult?: string;
}

export interface ScriptedModel {
  readonly port: number;
  /** The last 200 model calls, oldest first. */
  readonly requests: readonly ModelRequest[];
  close(): Promise<void>;
}

export interface ScriptedModelOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly log?: (line: string) => void;
}

interface Message {
  readonly role?: unknown;
  readonly content?: unknown;
}
interface ChatBody {
  readonly model?: unknown;
  readonly stream?: unknown;
  readonly messages?: unknown;
  readonly tools?: unknown;
}
interface ToolCall {
  readonly name: string;
  readonly arguments: string;
}
type Reply = { readonly content: string } | { readonly tools: readonly ToolCall[] };

export async function startScriptedModel({ host, port, log }: ScriptedModelOptions): Promise<ScriptedModel> {
  const requests: ModelRequest[] = [];
  const server = createServer((request, response) => {
    void answer(request, response, (kept) => {
      requests.push(kept);
      if (requests.length > KEPT_REQUESTS) requests.shift();
      log?.(JSON.stringify({ tools: kept.tools.length, user: kept.user.slice(0, 200), toolResult: kept.toolResult?.slice(0, 200) }));
    }).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, resolve);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, keep: (kept: ModelRequest) => void): Promise<void> {
  const path = request.url ?? '';
  if (path.endsWith('/models')) return sendJson(response, { object: 'list', data: [{ id: 'scripted-1', object: 'model', owned_by: 'scripted' }] });
  if (!path.endsWith('/chat/completions')) return sendJson(response, { error: { message: 'not here' } }, 404);
  const body = JSON.parse(await readBody(request)) as ChatBody; // shape is checked where it is used
  const messages = conversation(body);
  const user = text(messages.findLast((message) => message.role === 'user')?.content);
  const results = messages.slice(messages.findLastIndex(({ role }) => role !== 'tool') + 1).map(({ content }) => text(content));
  const toolResult = results.length === 0 ? {} : { toolResult: results.join('\n') };
  keep({ authorization: request.headers.authorization ?? '', tools: toolNames(body), user, ...toolResult });
  const reply = replyTo(user, results);
  if (body.stream === true) streamReply(response, String(body.model), reply);
  else sendJson(response, completion(String(body.model), reply));
}

/**
 * OpenClaw 2026.9.6 adds a user message of its own after every turn, also after tool results, and tells in another one that a helper has ended, at
 * whatever moment that is: after tool results neither is part of the talk.
 */
function conversation(body: ChatBody): readonly Message[] {
  const messages = Array.isArray(body.messages) ? (body.messages as readonly Message[]) : [];
  const talk = messages.filter((message) => !(message.role === 'user' && text(message.content).includes('BEGIN_OPENCLAW_INTERNAL_CONTEXT')));
  const lastOfTalk = talk.findLastIndex((message) => !isTaskEnd(message));
  return talk[lastOfTalk]?.role === 'tool' ? talk.slice(0, lastOfTalk + 1) : talk;
}

function isTaskEnd({ role, content }: Message): boolean {
  return role === 'user' && text(content).includes('[[OPENCLAW_INTERNAL_CONTEXT_BEGIN]]');
}

function replyTo(user: string, results: readonly string[]): Reply {
  if (results.length > 0) return { content: results.map((result) => `GOT ${result}`).join('\n') };
  const tools = [...user.matchAll(/TOOL (\w+) (\{.*?\}) ENDTOOL/gs)].map(([, name = '', json = '']) => ({ name, arguments: json }));
  if (tools.length > 0) return { tools };
  return { content: `HEARD ${said(user).slice(0, 200)}` };
}

/** What was said, without the date OpenClaw puts before it and the paragraph about its runtime after it. */
function said(user: string): string {
  return (user.split('\n\nRuntime:')[0] ?? '').replace(/^\[[^\]]*\] /, '');
}

function toolNames(body: ChatBody): readonly string[] {
  const tools = Array.isArray(body.tools) ? (body.tools as readonly { function?: { name?: unknown } }[]) : [];
  return tools.map((tool) => String(tool.function?.name ?? ''));
}

function text(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return (content as readonly { text?: unknown }[]).map((part) => (typeof part.text === 'string' ? part.text : '')).join('\n');
}

function delta(reply: Reply): Record<string, unknown> {
  if ('content' in reply) return { role: 'assistant', content: reply.content };
  const called = Date.now();
  const calls = reply.tools.map((tool, index) => ({ index, id: `call_${called}_${index}`, type: 'function', function: tool }));
  return { role: 'assistant', content: null, tool_calls: calls };
}

function completion(model: string, reply: Reply): unknown {
  const choice = { index: 0, message: delta(reply), finish_reason: 'content' in reply ? 'stop' : 'tool_calls' };
  return {
    id: 'scripted',
    object: 'chat.completion',
    created: 1,
    model,
    choices: [choice],
    usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
  };
}

function streamReply(response: ServerResponse, model: string, reply: Reply): void {
  response.setHeader('content-type', 'text/event-stream');
  const send = (part: Record<string, unknown>): void => {
    response.write(`data: ${JSON.stringify({ id: 'scripted', object: 'chat.completion.chunk', created: 1, model, ...part })}\n\n`);
  };
  send({ choices: [{ index: 0, delta: delta(reply), finish_reason: null }] });
  send({ choices: [{ index: 0, delta: {}, finish_reason: 'content' in reply ? 'stop' : 'tool_calls' }] });
  send({ choices: [], usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 } });
  response.end('data: [DONE]\n\n');
}

function sendJson(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_LIMIT) throw new Error('request too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values } = parseArgs({ options: { host: { type: 'string', default: '127.0.0.1' }, port: { type: 'string', default: '0' } } });
  const model = await startScriptedModel({ host: values.host, port: Number(values.port), log: (line) => void process.stdout.write(`${line}\n`) });
  process.stdout.write(`${JSON.stringify({ listening: model.port })}\n`);
}
