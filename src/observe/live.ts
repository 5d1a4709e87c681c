/** What only a running gateway can tell: its own claim, and OpenClaw's audit run where it runs. */
import * as v from 'valibot';
import { known, unknown, type AuditView, type Known, type TenantFacts } from '../core/facts.ts';
import { parseResult, runSelfContained, selfContainedProgram } from '../hosts/run-program.ts';
import { sibling } from '../hosts/self-contained.ts';
import { auditFact } from '../openclaw/audit.ts';
import type { AuditRequest } from '../openclaw/audit-runner.ts';
import type { GatewayRequest } from '../openclaw/gateway-client.ts';
import { gatewayTokenFile } from '../openclaw/secrets.ts';
import { AuditAnswer, GatewayAnswer } from './collected.ts';
import { reason, type Subject } from './subject.ts';

type Hello = Extract<v.InferOutput<typeof GatewayAnswer>, { readonly ok: true }>['value'];

/**
 * Whether the tenant's token may be sent to its published port: every holder of the listener is the tenant or root, and one is the tenant
 * itself, inside its own namespaces (`profile`: the gateway's own process). Anybody else there would receive the token.
 */
export function mayHoldToken(
  { blueprint, details }: Pick<Subject, 'blueprint' | 'details'>,
  process: TenantFacts['process'],
  listener: TenantFacts['listener'],
): Known<true> {
  if (!process.known) return process;
  if (!listener.known) return listener;
  if (process.value === null) return unknown('no gateway runs');
  if (listener.value === null) return unknown(`nothing listens on port ${blueprint.publishedPort}`);
  const { pid, namespaces } = process.value;
  const { holders } = listener.value;
  const foreign = holders.find(({ uid }) => uid !== 0 && uid !== details.uid);
  if (foreign !== undefined) return unknown(`uid ${foreign.uid} listens on its port ${blueprint.publishedPort}; the token was not sent`);
  const own = holders.filter((holder) => holder.uid === details.uid);
  const isOwn =
    blueprint.rung === 'profile'
      ? own.some((holder) => holder.pid === pid)
      : own.some((holder) => holder.namespaces['net'] === namespaces['net'] || holder.namespaces['pid'] === namespaces['pid']);
  return isOwn
    ? known(true, 'holders of the listener')
    : unknown(`its port ${blueprint.publishedPort} is not held from inside its boundary; the token was not sent`);
}

/** The gateway's hello over its published port. The token is read on the host, from a directory that the tenant cannot change. */
export async function askGateway({ blueprint, host, signal }: Subject): Promise<Known<Hello>> {
  const request: GatewayRequest = { ask: 'hello', port: blueprint.publishedPort, tokenFile: gatewayTokenFile(blueprint.paths), timeoutMs: 8000 };
  const program = sibling(import.meta.url, '../openclaw/gateway-client');
  const title = `ask the gateway of ${blueprint.tenant}`;
  try {
    const said = v.safeParse(
      GatewayAnswer,
      await runSelfContained<unknown>(host, { program, request, node: blueprint.install.node, title, timeoutMs: 15_000 }, signal),
    );
    if (!said.success) return unknown('the gateway answered in an unexpected shape');
    return said.output.ok
      ? known(said.output.value, `WebSocket on 127.0.0.1:${blueprint.publishedPort}`)
      : unknown(`the gateway gave no hello: ${said.output.why.slice(0, 300)}`);
  } catch (error) {
    return unknown(reason(error, signal));
  }
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
