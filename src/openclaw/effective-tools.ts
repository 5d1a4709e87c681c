/**
 * Asks a running gateway which tools it gives to its sessions. Self-contained (only node:*), as the client that carries its questions.
 * Source: openclaw 2026.9.6 docs/gateway/protocol/operator-methods.md (`tools.effective`), docs/gateway/protocol/rpc-session-control.md.
 */
import type { EffectiveTools } from '../core/tool-settings.ts';
import { field, type Ask } from './gateway-connection.ts';

/** A session per agent is asked about, of this many agents at most. */
const MOST_SESSIONS = 8;
const MOST_TOOLS = 500;

/**
 * Tools of the newest session of each agent. A gateway without any session gives one that it keeps in memory only: made for the question and
 * deleted after it, it leaves nothing on the disk.
 */
export async function effectiveTools(ask: Ask): Promise<EffectiveTools> {
  const sessions = newestOfEachAgent(list(field(await ask('sessions.list', {}), 'sessions')));
  if (sessions.length > 0) return await inventory(ask, sessions);
  const key = field(await ask('sessions.create', { incognito: true }), 'key');
  if (typeof key !== 'string') throw new Error('the gateway made a session without a key');
  try {
    return await inventory(ask, [key]);
  } finally {
    await ask('sessions.delete', { key });
  }
}

async function inventory(ask: Ask, sessions: readonly string[]): Promise<EffectiveTools> {
  const names = new Set<string>();
  for (const sessionKey of sessions) {
    const groups = field(await ask('tools.effective', { sessionKey }), 'groups');
    if (!Array.isArray(groups)) throw new Error('the gateway told its tools in an unexpected shape');
    for (const group of groups) {
      const tools = field(group, 'tools');
      if (!Array.isArray(tools)) throw new Error('the gateway told its tools in an unexpected shape');
      for (const tool of tools) names.add(String(field(tool, 'id')).slice(0, 128));
    }
  }
  if (names.size > MOST_TOOLS) throw new Error(`the gateway named more than ${MOST_TOOLS} tools`);
  return { tools: [...names].toSorted(), sessions: sessions.length };
}

/** The gateway lists the newest first. */
function newestOfEachAgent(sessions: readonly unknown[]): readonly string[] {
  const newest = new Map<string, string>();
  for (const session of sessions) {
    const [key, agent] = [field(session, 'key'), String(field(session, 'agentId'))];
    if (typeof key === 'string' && key !== '' && field(session, 'archived') !== true && !newest.has(agent)) newest.set(agent, key);
  }
  return [...newest.values()].slice(0, MOST_SESSIONS);
}

function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error('the gateway told its sessions in an unexpected shape');
  return value;
}
