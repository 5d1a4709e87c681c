/** Whether a tenant that was put into quarantine is closed: asked of its gateway, not taken from what was written. */
import type { Blueprint } from '../core/blueprint.ts';
import type { Known, ProcessFact } from '../core/facts.ts';
import type { Host } from '../core/host.ts';
import { runSelfContained } from '../hosts/run-program.ts';
import { sibling } from '../hosts/self-contained.ts';
import { type Answer, field } from '../openclaw/gateway-connection.ts';
import type { CallsRequest } from '../openclaw/gateway-rpc.ts';
import { gatewayTokenFile } from '../openclaw/secrets.ts';
import type { Proved, ProveRequest } from './prove-token.ts';

export interface Closed {
  readonly blueprint: Blueprint;
  readonly host: Host;
  readonly hold: { readonly process: Known<ProcessFact | null>; readonly mayHoldToken: Known<true> };
  /** The gateway token of before; absent when there was none. */
  readonly old?: string;
}

export interface ClosedSeen {
  readonly proof: readonly string[];
  /** What is not closed, or could not be seen to be. */
  readonly open: readonly string[];
}

export async function proveClosed({ blueprint, host, hold, old }: Closed, signal: AbortSignal): Promise<ClosedSeen> {
  if (!hold.mayHoldToken.known) return { proof: [], open: [`its gateway was not asked: ${hold.mayHoldToken.why}`] };
  const [port, tokenFile, node] = [blueprint.publishedPort, gatewayTokenFile(blueprint.paths), blueprint.install.node];
  const ask = async (calls: CallsRequest['calls']): Promise<Answer<readonly Answer<unknown>[]>> => {
    const run = { program: sibling(import.meta.url, '../openclaw/gateway-rpc'), node, title: `ask ${blueprint.tenant} whether it is closed` };
    const request: CallsRequest = { port, tokenFile, calls };
    return await runSelfContained(host, { ...run, request, timeoutMs: 40_000 }, signal);
  };
  const asked = await ask([{ method: 'channels.status' }, { method: 'sessions.list', params: { limit: 1 } }]);
  const parts: Part[] = [asked.ok ? judgeChannels(asked.value[0]) : { open: `its gateway could not be asked: ${asked.why}` }];
  const sessionKey = asked.ok ? firstSession(asked.value[1]) : undefined;
  // OpenClaw says what a session may use only of one that exists.
  if (sessionKey !== undefined) {
    const offered = await ask([{ method: 'tools.effective', params: { sessionKey } }]);
    parts.push(judgeTools(offered.ok ? offered.value[0] : undefined));
  }
  if (old !== undefined) {
    const request: ProveRequest = { port, tokenFile, old };
    const program = sibling(import.meta.url, 'prove-token');
    const run = { program, request, node, title: `try the old and the new token of ${blueprint.tenant}`, redact: true };
    parts.push(judgeTokens(await runSelfContained<Proved>(host, run, signal)));
  }
  return {
    proof: parts.flatMap((part) => ('proof' in part ? [part.proof] : [])),
    open: parts.flatMap((part) => ('open' in part ? [part.open] : [])),
  };
}

type Part = { readonly proof: string } | { readonly open: string };

/** Pure. Every account of every channel that the gateway speaks of. */
export function judgeChannels(answer: Answer<unknown> | undefined): Part {
  const channels = answer?.ok === true ? field(answer.value, 'channelAccounts') : undefined;
  if (typeof channels !== 'object' || channels === null) return { open: 'its gateway does not say which channels run' };
  const running = Object.entries(channels).flatMap(([name, accounts]) =>
    Array.isArray(accounts) && accounts.some((one) => field(one, 'running') === true || field(one, 'connected') === true) ? [name] : [],
  );
  return running.length === 0 ? { proof: 'its gateway runs no channel' } : { open: `its gateway still runs ${running.join(', ')}` };
}

function firstSession(answer: Answer<unknown> | undefined): string | undefined {
  const sessions = answer?.ok === true ? field(answer.value, 'sessions') : undefined;
  const key = Array.isArray(sessions) ? field(sessions[0], 'key') : undefined;
  return typeof key === 'string' ? key : undefined;
}

/** Pure. `groups`, each with its `tools`. */
export function judgeTools(answer: Answer<unknown> | undefined): Part {
  const groups = answer?.ok === true ? field(answer.value, 'groups') : undefined;
  if (!Array.isArray(groups)) return { open: 'its gateway does not say which tools its agent has' };
  const tools = groups.flatMap((group) => {
    const list = field(group, 'tools');
    return Array.isArray(list) ? list.map((tool) => String(field(tool, 'id'))) : [];
  });
  return tools.length === 0 ? { proof: 'a session of its agent is given no tool' } : { open: `its agent still has ${tools.slice(0, 20).join(', ')}` };
}

/** Pure. */
export function judgeTokens({ oldStatus, newStatus }: Proved): Part {
  return oldStatus === 401 && newStatus === 200
    ? { proof: `the new token is let in (HTTP ${newStatus}), the old one is not (HTTP ${oldStatus}, asked once)` }
    : { open: `its gateway answers ${oldStatus} to the old token and ${newStatus} to the new one; 401 and 200 would be right` };
}
