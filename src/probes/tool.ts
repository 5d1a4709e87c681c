/** What the attacker's own gateway shows, when a tool of its agent is run over HTTP and asked for another tenant's things. */
import type { AttemptOutcome } from '../core/probe.ts';
import type { Attempted, Tool } from './actions.ts';
import type { Side, Step } from './define.ts';
import { BY_POLICY, TOOL_ABSENT } from './turn.ts';

/** Asked for in the attacker's own session, so that a tool which sees no other session sees at least that one. */
export function toolOf({ gatewayPort, session }: Side, tool: string, args: Tool['args']): Tool {
  return { kind: 'tool', port: gatewayPort, tool, args, ...(session === undefined ? {} : { sessionKey: session }) };
}

/** `nothing` matches the answers by which the tool says that it has no such thing. */
export function judgeTool(step: Step, attempted: Attempted, nothing: RegExp): AttemptOutcome {
  if (!attempted.ok) return { outcome: 'inconclusive', detail: `${step.label}: its own gateway answered ${attempted.code}` };
  const { got } = attempted;
  if (step.nonce !== undefined && got.includes(step.nonce)) return { outcome: 'breached', detail: `${step.label}: obtained the canary` };
  const contained = (refusal: string): AttemptOutcome => ({ outcome: 'contained', refusal: `${step.label}: ${refusal}` });
  if (/^HTTP 404 .*Tool not available/.test(got)) return contained(TOOL_ABSENT);
  const told = nothing.exec(got)?.[0];
  if (told !== undefined) return contained(told.replaceAll(/[\\"]/g, '').slice(0, 80));
  if (/\\"status\\": \\"forbidden\\"/.test(got)) return contained(`${BY_POLICY}: forbidden`);
  return { outcome: 'inconclusive', detail: `${step.label}: its own gateway answered ${got.slice(0, 160)}` };
}
