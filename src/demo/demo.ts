/** The demo's script: every step says what it must show, and the demo fails when it does not. */
import type { ProbeResult } from '../core/probe.ts';
import { clip, escapeForTerminal, escapeLines } from '../report/escape.ts';

/** What the demo does to a fleet; the command line gives the hands. */
export interface DemoHands {
  say(text: string): void;
  /** Runs one of our commands; `must` is the exit status that this step has to show. */
  run(argv: readonly string[], must: number): Promise<string>;
  startModels(): Promise<void>;
  /** Opens acme's boundary as acme's own user would by mistake: the decoy is nobody's secret. */
  sabotage(): Promise<string>;
  restore(): Promise<void>;
}

export interface DemoOptions {
  readonly rung: 'os-user' | 'profile';
  /** What is lost on a lesser rung. */
  readonly lost?: string;
}

const FAST = ['--no-audit'] as const;

/** Rejects at the first step that does not show what it must. */
export async function playDemo(hands: DemoHands, options: DemoOptions): Promise<void> {
  const { say, run } = hands;
  const breach = options.rung === 'os-user' ? 4 : 1;
  say(`1  Two clients, acme and globex, on the rung ${options.rung}${options.lost === undefined ? '' : `\n   ${options.lost}`}`);
  await run(['plan'], 0);
  say('2  Build: one real OpenClaw Gateway per client');
  await run(['apply'], 0);
  await hands.startModels();
  say('3  Verify: facts, checks, OpenClaw’s own audit in each boundary, and attacks from inside each toward the other');
  const clean = await run(['verify', '--json'], 0);
  say(verdictLine(clean));
  if (options.rung === 'profile') say('   (the breaches are this rung’s own: one OS user can reach both, so it is for trust team only)');
  for (const line of agentLines(clean)) say(line);
  say(`4  Break a boundary: ${await hands.sabotage()}`);
  const broken = await run(['verify', '--json', ...FAST], breach);
  say(verdictLine(broken));
  for (const line of brokenLines(broken)) say(line);
  say('5  Restore it, and verify again');
  await hands.restore();
  say(verdictLine(await run(['verify', '--json'], 0)));
  say('6  The boundary checklist of acme, as its buyer gets it\n');
  say(await run(['checklist', 'acme'], 0));
}

interface ReportSeen {
  readonly verdict: string;
  readonly exitCode: number;
  readonly summary: {
    readonly findings: number;
    readonly unknown: number;
    readonly checksPassed: number;
    readonly attacks: number;
    readonly attacksHeld: number;
    readonly breaches: number;
  };
  readonly findings: readonly { readonly id: string; readonly verdict: string; readonly severity: string; readonly message: string }[];
  readonly probes: readonly ProbeResult[];
}

function parseReport(json: string): ReportSeen {
  // Our own `verify --json`; its shape is documented in docs/json-output.md.
  return JSON.parse(json) as ReportSeen;
}

function verdictLine(json: string): string {
  const { verdict, exitCode, summary } = parseReport(json);
  const { checksPassed, attacksHeld, attacks, breaches, unknown } = summary;
  return `   → ${verdict.toUpperCase()} (exit ${exitCode}): ${checksPassed} checks passed, ${attacksHeld} of ${attacks} attacks held, ${breaches} breaches, ${unknown} unknown`;
}

/** What the agents themselves were made to try, of it the plainest. */
const SHOWN: readonly string[] = ['agent.exec', 'agent.read'];

function agentLines(json: string): readonly string[] {
  const { probes } = parseReport(json);
  return probes
    .filter(({ id, verdict }) => SHOWN.includes(id) && verdict === 'contained')
    .map(({ attacker, victim, id, detail }) => `   ${attacker}’s agent, told to reach ${victim}’s canary (${id}): ${shown(detail)}`);
}

function brokenLines(json: string): readonly string[] {
  const { findings } = parseReport(json);
  const failed = findings.filter(({ verdict, severity }) => verdict === 'fail' && (severity === 'high' || severity === 'critical'));
  return failed.map(({ id, message }) => `   ${id}: ${shown(message)}`);
}

/** What a command said that did not end as it had to: of a report what is not in order, of anything else all. */
export function whatWasSeen(output: string): readonly string[] {
  const report = output.startsWith('{') ? parseReport(output) : undefined;
  if (report?.findings === undefined) return escapeLines(output);
  const open = report.findings.filter(({ verdict }) => verdict === 'fail' || verdict === 'unknown');
  return [verdictLine(output), ...open.map(({ id, verdict, message }) => `${verdict} ${id}: ${shown(message)}`)];
}

/** Details quote what a tenant's own agent and gateway said. */
function shown(text: string): string {
  return clip(escapeForTerminal(text), 160);
}
