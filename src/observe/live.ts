/** What only a running gateway can tell: its own claim, and OpenClaw's audit run where it runs. */
import * as v from 'valibot';
import { known, unknown, type AuditView, type Known, type TenantFacts } from '../core/facts.ts';
import { parseResult, runSelfContained, selfContainedProgram } from '../hosts/run-program.ts';
import { sibling } from '../hosts/self-contained.ts';
import { auditFact } from '../openclaw/audit.ts';
import type { AuditRequest } from '../openclaw/audit-runner.ts';
import type { GatewayRequest } from '../openclaw/gateway-client.ts';
import { gatewayTokenFile } from '../openclaw/secrets.ts';
import { AuditAnswer, GatewayAnswer, GatewayLook } from './collected.ts';
import { whyNotOwn, type Door } from './own-listener.ts';
import { reason, type Subject } from './subject.ts';

export type Hello = Extract<v.InferOutput<typeof GatewayAnswer>, { readonly ok: true }>['value'];

/** Whether the tenant's token may be sent to its published port: see own-listener.ts. */
export function mayHoldToken(
  { blueprint, details }: Pick<Subject, 'blueprint' | 'details'>,
  process: TenantFacts['process'],
  listener: TenantFacts['listener'],
): Known<true> {
  if (!process.known) return process;
  if (!listener.known) return listener;
  const why = whyNotOwn(doorOf({ blueprint, details }), process.value, listener.value);
  return why === undefined ? known(true, 'holders of the listener') : unknown(why);
}

export function doorOf({ blueprint, details }: Pick<Subject, 'blueprint' | 'details'>): Door {
  const { rung, publishedPort: port } = blueprint;
  return { rung, port, ...(details.uid === undefined ? {} : { uid: details.uid }) };
}

/** The gateway's hello over its published port. The token is read on the host, from a directory that the tenant cannot change. */
export async function askGateway(subject: Subject): Promise<Known<Hello>> {
  const said = await ask(subject, 'hello', 8000);
  return said.known ? helloFrom(subject, said.value) : said;
}

/** What gateway-client.ts answered. */
export function helloFrom(subject: Subject, said: unknown): Known<Hello> {
  const answer = v.safeParse(GatewayAnswer, said);
  return answer.success ? helloFact(subject, answer.output) : unknown(UNEXPECTED);
}

export function requestTo({ blueprint }: Subject, ask: 'hello' | 'look', timeoutMs: number): GatewayRequest {
  return { ask, port: blueprint.publishedPort, tokenFile: gatewayTokenFile(blueprint.paths), timeoutMs };
}

/** Its hello, and which tools it gives. */
export async function lookAtGateway(subject: Subject): Promise<{ readonly hello: Known<Hello>; readonly effective: TenantFacts['effective'] }> {
  const said = await ask(subject, 'look', 12_000);
  const answer = said.known ? v.safeParse(v.object({ ok: v.literal(true), value: GatewayLook }), said.value) : undefined;
  if (answer?.success !== true) {
    const why = unknown(said.known ? UNEXPECTED : said.why);
    return { hello: why, effective: why };
  }
  const { hello, tools } = answer.output.value;
  const effective = tools.ok ? known(tools.value, sourceOf(subject)) : unknown(`the gateway did not tell its tools: ${tools.why.slice(0, 300)}`);
  return { hello: helloFact(subject, hello), effective };
}

const UNEXPECTED = 'the gateway answered in an unexpected shape';

async function ask(subject: Subject, what: 'hello' | 'look', timeoutMs: number): Promise<Known<unknown>> {
  const { blueprint, host, signal } = subject;
  const request = requestTo(subject, what, timeoutMs);
  const program = sibling(import.meta.url, '../openclaw/gateway-client');
  const title = `ask the gateway of ${blueprint.tenant}`;
  const run = { program, request, node: blueprint.install.node, title, timeoutMs: 30_000 };
  try {
    return known(await runSelfContained<unknown>(host, run, signal), title);
  } catch (error) {
    return unknown(reason(error, signal));
  }
}

function helloFact(subject: Subject, said: v.InferOutput<typeof GatewayAnswer>): Known<Hello> {
  return said.ok ? known(said.value, sourceOf(subject)) : unknown(`the gateway gave no hello: ${said.why.slice(0, 300)}`);
}

function sourceOf({ blueprint }: Subject): string {
  return `WebSocket on 127.0.0.1:${blueprint.publishedPort}`;
}

export function noAudit(why: string): AuditView {
  return { audit: unknown(why), auditRun: unknown(why) };
}

/** `openclaw security audit` inside the boundary, with the proof of where it ran. */
export async function runAudit({ blueprint, layout, isolation, observed, host, signal }: Subject): Promise<AuditView> {
  if (!observed.known) return noAudit(observed.why);
  const { node, openclaw } = blueprint.install;
  const request: AuditRequest = { node, openclaw };
  const program = sibling(import.meta.url, '../openclaw/audit-runner');
  const title = `audit ${blueprint.tenant} from inside`;
  try {
    const inside = isolation.enter(blueprint, layout, observed.value, selfContainedProgram({ program, request, node, title, timeoutMs: 120_000 }));
    const run = v.safeParse(AuditAnswer, parseResult<unknown>(await host.run(inside, signal), title, host.id));
    return run.success ? auditFact(run.output) : noAudit('the audit answered in an unexpected shape');
  } catch (error) {
    return noAudit(reason(error, signal));
  }
}
