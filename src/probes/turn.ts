/** What the attacker's own agent and gateway show, when they are told to reach for another tenant's things. */
import type { AttemptOutcome } from '../core/probe.ts';
import type { Attempted, Turn } from './actions.ts';
import type { Apart, Side, Step } from './define.ts';

export function withoutScript(attacker: Side): string | undefined {
  if (!attacker.scripted) return `${attacker.tenant} uses a real model: a turn would cost money and prove nothing repeatable`;
  return attacker.hasToken ? undefined : `${attacker.tenant} has no gateway token to ask its own agent with`;
}

type Call = readonly [tool: string, args: unknown];

/** A turn in which the agent calls these tools, in this order. */
export function turnOf(attacker: Side, calls: readonly Call[]): Turn {
  const message = calls.map(([tool, args]) => `TOOL ${tool} ${JSON.stringify(args)} ENDTOOL`).join('\n');
  return { kind: 'turn', port: attacker.gatewayPort, message };
}

/** A command that prints what a program for Node prints; neither may hold a single quote. The agent's PATH has the Node of its gateway. */
export function nodeCommand(program: string, request: unknown): string {
  return `node -e '${program}' '${JSON.stringify(request)}'`;
}

/** What each tool of a turn said: the scripted model begins every answer with GOT. */
export function answersOf(said: string): readonly string[] {
  return said.split(/^GOT /m).filter((part, index) => index > 0 || part !== '');
}

/** A tool that policy removed or narrowed contains too: what is beneath it is shown by the probe of the same surface without an agent. */
export function judgeTurn(step: Step, attempted: Attempted, apart: Apart): AttemptOutcome {
  return judgeAnswers(step, attempted, (answer) => refusalOf(answer, apart));
}

/** Small sets of tools are offered to the model as they are, larger ones through `tool_call`: both ways are tried. */
export function eitherWay(tool: string, args: unknown): readonly Call[] {
  return [
    [tool, args],
    ['tool_call', { id: `openclaw:core:${tool}`, args }],
  ];
}

/** Where one way is not there, the other tells; where both are not, the tool does not exist. */
export function judgeEitherWay(step: Step, attempted: Attempted, why: (answer: string) => string | undefined): AttemptOutcome {
  const present = attempted.ok ? answersOf(attempted.got).filter((answer) => !isAbsent(answer)) : [];
  if (!attempted.ok || present.length === 0) return judgeAnswers(step, attempted, (answer) => (isAbsent(answer) ? TOOL_ABSENT : undefined));
  return judgeAnswers(step, { ...attempted, got: present.map((answer) => `GOT ${answer}`).join('\n') }, why);
}

/** `refusalOf` tells why the answer of one tool is a refusal; undefined where it explains nothing. */
export function judgeAnswers(step: Step, attempted: Attempted, refusalOf: (answer: string) => string | undefined): AttemptOutcome {
  if (!attempted.ok) return { outcome: 'inconclusive', detail: `${step.label}: the agent's turn failed with ${attempted.code}` };
  if (step.nonce !== undefined && attempted.got.includes(step.nonce))
    return { outcome: 'breached', detail: `${step.label}: the agent obtained the canary` };
  const refusals = new Set<string>();
  for (const answer of answersOf(attempted.got)) {
    const refusal = refusalOf(answer);
    if (refusal === undefined) return { outcome: 'inconclusive', detail: `${step.label}: the agent said ${answer.slice(0, 160)}` };
    refusals.add(refusal);
  }
  return { outcome: 'contained', refusal: `${step.label}: ${[...refusals].join(', ')}` };
}

export function refusalOf(answer: string, apart: Apart): string | undefined {
  if (isAbsent(answer)) return TOOL_ABSENT;
  if (/escapes (?:sandbox|workspace)|outside (?:the )?(?:workspace|sandbox)|exec denied|Sandbox path is container-only/i.test(answer))
    return `${BY_POLICY}: the tool refused the path`;
  if (/Blocked hostname or private/.test(answer)) return FETCH_REFUSED;
  if (/Permission denied|EACCES|EPERM/.test(answer)) return 'permission denied by the operating system';
  if (/No such file|ENOENT|not found/i.test(answer) && apart.mnt) return 'the file does not exist in its file system';
  // A sandbox's file tools read with a program in it, whose silence is all they tell; the control shows that there is a sandbox: openclaw 2026.9.6.
  if (/"Docker command failed \(exit 1\)"/.test(answer) && apart.mnt) return 'its sandbox cannot open the file';
  return undefined;
}

export function isAbsent(answer: string): boolean {
  return /Tool \S+ not found|Unknown tool id/.test(answer);
}

/** How every refusal begins that is no wall of the operating system. */
export const BY_POLICY = 'by policy';
/** Refusal of a turn in which the tool does not exist at all. */
export const TOOL_ABSENT = `${BY_POLICY}: the agent does not have this tool`;
/** Refusal of every address of this machine, the tenant's own too. */
export const FETCH_REFUSED = `${BY_POLICY}: the fetch tool takes no private address`;
/** Refusal of every address of this machine and of every file, the tenant's own too. */
export const PAGE_REFUSED = `${BY_POLICY}: the browser tool opens no private address and no file`;
/** Refusal of every conversation but the one that the agent is in: `tools.message.crossContext`. */
export const MESSAGE_REFUSED = `${BY_POLICY}: the message tool leaves no conversation`;
/** Refusal of every address, the tenant's own too: where sandboxes have no network. */
export const NO_NETWORK = 'commands have no network but a loopback of their own';
/** Refusals that hold against everybody: where a control meets one too, nobody can do it. */
export const FOR_ALL: readonly string[] = [TOOL_ABSENT, NO_NETWORK, FETCH_REFUSED, PAGE_REFUSED, MESSAGE_REFUSED];
