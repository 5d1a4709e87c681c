/** Attempts through the attacker's own gateway: turns of its agent, and tools that the gateway runs without one. */
import { symlinkSync, unlinkSync } from 'node:fs';
import type { Answer, Tool, Turn } from '../actions.ts';
import { saidTo, type Agent } from './agents.ts';
import { connect, http } from './network.ts';
import { quietly } from './quietly.ts';

/** Of twenty calls: three agents on two slow processors were seen to take 70 s. */
const TURN_MS = 100_000;
const TOOL_MS = 20_000;
const CALLS_AT_ONCE = 20;
/** Of one tenant: each takes all turns. */
const MOST_AGENTS = 8;
/** A gateway asks a model that is down again and again, for 70 s (openclaw 2026.9.6), and fails then: so would each turn of a fleet, to conclude nothing. */
const SLOW_FAILURE_MS = 30_000;
const SILENT: Answer = { ok: false, code: 'TIMEOUT of an earlier turn' };

/** With whom turns are taken. */
export interface Talk {
  readonly token: string;
  /** Of the attacker; none where it has but one. */
  readonly agents: readonly Agent[];
  readonly workspace: string;
}

/**
 * As few turns as possible, since each takes half a second: what the agent is told is told together, and what its tools said is told apart again.
 * All turns of one call are for one gateway. Where it has several agents, each is told the same: their policies may differ.
 */
export async function takeTurns(
  turns: readonly Turn[],
  talk: Talk,
  tell: (index: number, answer: Answer) => void,
  slowMs = SLOW_FAILURE_MS,
): Promise<void> {
  let isSilent = false;
  let taken = 0;
  while (taken < turns.length) {
    const some = firstOf(turns.slice(taken));
    const startedAt = performance.now();
    const answers: readonly Answer[] = isSilent ? some.map(() => SILENT) : await ofAll(talk.agents, (agent) => together(some, talk, agent));
    for (const [index, answer] of answers.entries()) tell(taken + index, await withDoor(some[index], answer));
    isSilent ||= !answers.every(saysOfTools) && performance.now() - startedAt > slowMs;
    taken += some.length;
  }
}

/** What several agents answered to the same turns, as one answer to each; one that did not answer is told as a further answer, which explains nothing. */
async function ofAll(agents: readonly Agent[], take: (agent?: Agent) => Promise<readonly Answer[]>): Promise<readonly Answer[]> {
  if (agents.length === 0) return await take();
  const asked = agents.slice(0, MOST_AGENTS);
  const answers: (readonly Answer[])[] = [];
  for (const agent of asked) answers.push(await take(agent));
  const ids = asked.map(({ id }) => id);
  const named = asked.length < agents.length ? [...ids, `not ${agents.length - asked.length} more`] : ids;
  return (answers[0] ?? []).map((_, index) => {
    const said = answers.flatMap((ofOne) => ofOne[index] ?? []);
    if (said.every((answer) => !answer.ok)) return said[0] ?? SILENT;
    const got = said.map((answer, at) => (answer.ok ? answer.got : `GOT nothing of the agent ${ids[at]}: ${answer.code}`)).join('\n');
    return { ok: true, got, agents: named };
  });
}

/** A browser opens what does not answer, too: its page tells of an error then, and its tool of a page. */
async function withDoor(turn: Turn | undefined, answer: Answer): Promise<Answer> {
  if (turn?.door === undefined || !answer.ok || !answer.got.includes('targetId')) return answer;
  const reached = await connect(turn.door);
  return { ...answer, got: `${answer.got}\nGOT DOOR ${reached.ok ? 'open' : reached.code}` };
}

function firstOf(turns: readonly Turn[]): readonly Turn[] {
  let calls = 0;
  const end = turns.findIndex((turn, index) => (calls += callsOf(turn)) > CALLS_AT_ONCE && index > 0);
  return end === -1 ? turns : turns.slice(0, end);
}

function callsOf({ message }: Turn): number {
  return message.split(' ENDTOOL').length - 1;
}

async function together(all: readonly Turn[], { token, workspace }: Talk, agent?: Agent): Promise<Answer[]> {
  const turns = all.map((turn) => turnFor(turn, (text) => saidTo(agent, workspace, text)));
  for (const { link } of turns) if (link !== undefined) quietly(() => symlinkSync(link.to, link.path));
  try {
    const said = await ask(turns.map(({ message }) => message).join('\n'), turns, { token, agent });
    if (!said.ok) return turns.map((_, index) => (index === 0 || said.code !== 'TIMEOUT' ? said : SILENT));
    // No tool said anything: it failed in words, as without its model, and would each time.
    if (!saysOfTools(said)) return turns.map(() => said);
    const parts = partsOf(said.got);
    // Where it cannot be told whose answer is whose, each is asked for itself.
    if (turns.length > 1 && parts.length !== turns.reduce((sum, turn) => sum + callsOf(turn), 0)) return await oneByOne(turns, { token, agent });
    return turns.length === 1 ? [said] : turns.map((turn) => ({ ok: true, got: parts.splice(0, callsOf(turn)).join('\n') }));
  } finally {
    for (const { link, undo } of turns) {
      if (link !== undefined) quietly(() => unlinkSync(link.path));
      if (undo !== undefined) quietly(() => unlinkSync(undo));
    }
  }
}

interface Whom {
  readonly token: string;
  readonly agent: Agent | undefined;
}

function turnFor({ message, link, undo, ...turn }: Turn, say: (text: string) => string): Turn {
  return {
    ...turn,
    message: say(message),
    ...(link === undefined ? {} : { link: { path: say(link.path), to: say(link.to) } }),
    ...(undo === undefined ? {} : { undo: say(undo) }),
  };
}

async function oneByOne(turns: readonly Turn[], whom: Whom): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const turn of turns) answers.push(await ask(turn.message, turns, whom));
  return answers;
}

async function ask(message: string, [turn]: readonly Turn[], { token, agent }: Whom): Promise<Answer> {
  const model = agent === undefined ? 'openclaw' : `openclaw/${agent.id}`;
  const body = JSON.stringify({ model, stream: false, messages: [{ role: 'user', content: message }] });
  const answer = await http({ host: '127.0.0.1', port: turn?.port ?? 0, path: '/v1/chat/completions', ms: TURN_MS, token, body });
  return answer.ok ? { ok: true, got: contentOf(answer.got) } : answer;
}

/** What the agent said; the whole answer where it is none. */
function contentOf(got: string): string {
  try {
    const answer = JSON.parse(got.replace(/^HTTP 200 /, '')) as { choices?: readonly { message?: { content?: unknown } }[] };
    const content = answer.choices?.[0]?.message?.content;
    return typeof content === 'string' ? content : got;
  } catch {
    return got;
  }
}

function saysOfTools(answer: Answer): boolean {
  return answer.ok && /^GOT /m.test(answer.got);
}

/** The scripted model begins the answer of every tool with GOT. */
function partsOf(said: string): string[] {
  return said.split(/^(?=GOT )/m).map((part) => part.trimEnd());
}

/** In the name of the first agent, in whose session it is asked. */
export async function runTool({ port, tool, args, sessionKey, agentId }: Tool, { token, agents, workspace }: Talk): Promise<Answer> {
  const body = saidTo(agents[0], workspace, JSON.stringify({ tool, args, sessionKey, agentId }));
  return await http({ host: '127.0.0.1', port, path: '/tools/invoke', ms: TOOL_MS, token, ownToken: true, body });
}
