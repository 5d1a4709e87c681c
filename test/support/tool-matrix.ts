/** Every preset against every tool, through the real agent: what it was offered, what its gateway says that it gives, and what each call gave. */
import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { PRESET_NAMES, type PresetName } from '../../src/core/fleet.ts';
import { policyConfig } from '../../src/openclaw/config.ts';
import { toolsOf } from '../../src/openclaw/gateway-client.ts';
import { giver } from '../../src/openclaw/settings/tools.ts';
import { isObject } from '../../src/openclaw/merge.ts';
import { TOOL_NAMES } from '../../src/openclaw/tool-catalogue.ts';
import { takeTurns } from '../../src/probes/attempts/tools.ts';
import { TOKEN, type Running } from './real-gateway.ts';

/** `absent`: the agent has no such tool; `refused`: it has, and this call was refused; `answers`: the call got through to the tool. */
export type Outcome = 'absent' | 'refused' | 'answers';

export interface Attempt {
  readonly tool: string;
  /** What is asked of it, for people. */
  readonly what: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** What it comes to where the preset gives the tool. */
  readonly given: Exclude<Outcome, 'absent'>;
  /** Of a tool of a plugin, which no catalogue rules on: the presets that leave it in reach. */
  readonly leftBy?: readonly PresetName[];
  /** What only a call that did its work says. */
  readonly proof?: RegExp;
}

export const ATTEMPTS: readonly Attempt[] = [
  { tool: 'exec', what: 'run a program', args: { command: 'echo BH-$((6*7))' }, given: 'answers', proof: /BH-42/ },
  { tool: 'process', what: 'list processes', args: { action: 'list' }, given: 'answers' },
  { tool: 'read', what: 'a file of the workspace', args: { path: 'note.txt' }, given: 'answers', proof: /CANARY-OF-OWN/ },
  { tool: 'read', what: '`../` out of the workspace', args: { path: '../config/openclaw.json' }, given: 'refused' },
  { tool: 'read', what: 'through a symbolic link', args: { path: 'link.json' }, given: 'refused' },
  { tool: 'ls', what: 'the workspace', args: { path: '.' }, given: 'answers', proof: /note\.txt/ },
  { tool: 'write', what: 'a new file', args: { path: 'written.txt', content: 'x' }, given: 'answers', proof: /written\.txt/ },
  { tool: 'write', what: '`../` out of the workspace', args: { path: '../home/written.txt', content: 'x' }, given: 'refused' },
  {
    tool: 'edit',
    what: 'the new file',
    args: { path: 'written.txt', edits: [{ oldText: 'x', newText: 'y' }] },
    given: 'answers',
    proof: /written\.txt/,
  },
  {
    tool: 'apply_patch',
    what: 'a new file',
    args: { input: '*** Begin Patch\n*** Add File: patched.txt\n+x\n*** End Patch' },
    given: 'answers',
    proof: /patched\.txt/,
  },
  { tool: 'web_fetch', what: 'an address of the loopback', args: { url: 'http://127.0.0.1:9/' }, given: 'refused' },
  { tool: 'browser', what: 'its status', args: { action: 'status' }, given: 'answers' },
  {
    tool: 'message',
    what: 'a person on another channel',
    args: { action: 'send', channel: 'telegram', target: '4242', message: 'x' },
    given: 'refused',
  },
  { tool: 'sessions_list', what: 'sessions', args: {}, given: 'answers' },
  { tool: 'sessions_send', what: 'another session', args: { sessionKey: 'agent:main:other', message: 'x' }, given: 'answers' },
  { tool: 'sessions_spawn', what: 'a helper', args: { task: 'x' }, given: 'answers' },
  { tool: 'subagents', what: 'list helpers', args: { action: 'list' }, given: 'answers' },
  { tool: 'session_status', what: 'its own session', args: {}, given: 'answers' },
  { tool: 'conversations_list', what: 'conversations', args: {}, given: 'answers' },
  { tool: 'memory_search', what: 'its memory', args: { query: 'x' }, given: 'answers' },
  { tool: 'agents_list', what: 'agents', args: {}, given: 'answers' },
  { tool: 'automations', what: 'list jobs', args: { action: 'list' }, given: 'answers' },
  { tool: 'gateway', what: 'read the config', args: { action: 'config.get' }, given: 'answers' },
  { tool: 'plugins', what: 'list plugins', args: { action: 'list' }, given: 'answers' },
  { tool: 'secrets', what: 'list secrets', args: { action: 'list' }, given: 'answers' },
  { tool: 'terminal', what: 'list terminals', args: { action: 'list' }, given: 'answers' },
  { tool: 'intent', what: 'list standing intents', args: { action: 'list' }, given: 'answers', leftBy: ['operator'] },
  { tool: 'nodes', what: 'list devices', args: { action: 'status' }, given: 'answers' },
  { tool: 'computer', what: 'take a screenshot', args: { action: 'screenshot' }, given: 'answers' },
];

export interface PresetSeen {
  readonly preset: PresetName;
  /** The `tools` array that the model was given. */
  readonly offered: readonly string[];
  /** By the gateway's own word. */
  readonly effective: readonly string[];
  /** One per attempt. */
  readonly outcomes: readonly Outcome[];
  /** What was said, for whoever wants to know why. */
  readonly said: readonly string[];
}

/** Whether a preset gives a tool, computed from what is rendered of it. */
export function presetGives(preset: PresetName): (tool: string) => boolean {
  const { tools } = policyConfig({ preset, allow: [], alsoAllow: [], deny: [] }, hasBrowser(preset));
  return giver(isObject(tools) ? tools : {});
}

export function hasBrowser(preset: PresetName): boolean {
  return preset === 'browser' || preset === 'operator';
}

export function expected(attempt: Attempt, preset: PresetName): Outcome {
  const isGiven = attempt.leftBy === undefined ? presetGives(preset)(attempt.tool) : attempt.leftBy.includes(preset);
  return isGiven ? attempt.given : 'absent';
}

/** Tries all presets on one gateway, one after the other. */
export async function tryPresets(gateway: Running, presets: readonly PresetName[] = PRESET_NAMES): Promise<readonly PresetSeen[]> {
  symlinkSync('../config/openclaw.json', `${gateway.paths.workspace}/link.json`);
  const seen: PresetSeen[] = [];
  for (const preset of presets) {
    await gateway.become(preset);
    seen.push(await tryPreset(gateway, preset));
  }
  return seen;
}

async function tryPreset(gateway: Running, preset: PresetName): Promise<PresetSeen> {
  assert.equal(await gateway.ask('good morning'), 'HEARD good morning');
  const offered = gateway.model.requests.at(-1)?.tools ?? [];
  const given = await toolsOf({ port: gateway.port, token: TOKEN, timeoutMs: 20_000 });
  assert.ok(given.ok, JSON.stringify(given));
  const direct = await answers(
    gateway,
    ATTEMPTS.map(({ tool, args }) => `TOOL ${tool} ${JSON.stringify(args)} ENDTOOL`),
  );
  // Tools that the model is not shown are called by name through another one, where it is shown that.
  const hidden = offered.includes('tool_call')
    ? ATTEMPTS.map((attempt, at) => ({ attempt, at })).filter(({ attempt, at }) => !offered.includes(attempt.tool) && isAbsent(direct[at] ?? ''))
    : [];
  const through = await answers(
    gateway,
    hidden.map(({ attempt: { tool, args } }) => `TOOL tool_call ${JSON.stringify({ id: tool, args })} ENDTOOL`),
  );
  const last = direct.map((text, at) => through[hidden.findIndex((one) => one.at === at)] ?? text);
  const said = direct.map((text, at) => (last[at] === text ? text : `${text}\n${last[at]}`));
  const outcomes = ATTEMPTS.map((attempt, at) => outcomeOf(attempt, last[at] ?? ''));
  return { preset, offered, effective: given.value.tools, outcomes, said };
}

async function answers({ port, paths }: Running, messages: readonly string[]): Promise<readonly string[]> {
  const said: string[] = [];
  await takeTurns(
    messages.map((message) => ({ kind: 'turn' as const, port, message })),
    { token: TOKEN, agents: [], workspace: paths.workspace },
    (index, answer) => {
      assert.ok(answer.ok && answer.got.startsWith('GOT '), `${messages[index]}: ${JSON.stringify(answer)}`);
      said[index] = answer.got;
    },
  );
  return said;
}

function isAbsent(said: string): boolean {
  return /Tool \S+ not found|Unknown tool|not available|no such tool/i.test(said);
}

function outcomeOf({ proof }: Attempt, said: string): Outcome {
  if (proof?.test(said) === true) return 'answers';
  if (isAbsent(said)) return 'absent';
  if (proof !== undefined || /escapes|blocked|denied|not allowed|forbidden|refused|disabled/i.test(said)) return 'refused';
  return 'answers';
}

/** What of it is not as the presets say: a call, or a tool of OpenClaw's own that the gateway gives beyond the preset. */
export function surprises(seen: readonly PresetSeen[]): readonly string[] {
  return seen.flatMap(({ preset, outcomes, effective, offered, said }) => {
    const gives = presetGives(preset);
    const calls = ATTEMPTS.flatMap((attempt, at) => {
      const [is, should] = [outcomes[at], expected(attempt, preset)];
      return is === should ? [] : [`${preset}: ${attempt.tool} (${attempt.what}) is ${is}, should be ${should}: ${said[at]?.slice(0, 300)}`];
    });
    const beyond = effective.filter((tool) => !gives(tool)).map((tool) => `${preset}: the gateway says that it gives ${tool}`);
    const shown = offered.filter((tool) => TOOL_NAMES.includes(tool) && !gives(tool)).map((tool) => `${preset}: the model is offered ${tool}`);
    return [...calls, ...beyond, ...shown];
  });
}
