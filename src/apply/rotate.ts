/** Gives one tenant a new secret: into its file, into the running gateway by the shortest way that works, and proof of what became of the old one. */
import type { Blueprint, Layout } from '../core/blueprint.ts';
import type { Command } from '../core/command.ts';
import { BulkheadError } from '../core/error.ts';
import type { Host, Isolation, Supervisor } from '../core/host.ts';
import type { Known, ProcessFact } from '../core/facts.ts';
import type { Stage } from '../core/plan.ts';
import { parseResult, selfContainedProgram } from '../hosts/run-program.ts';
import { sibling } from '../hosts/self-contained.ts';
import { GATEWAY_TOKEN_ROLE, gatewayTokenFile } from '../openclaw/secrets.ts';
import { programsFor } from './programs.ts';
import type { Proved } from './prove-token.ts';
import type { FileToPut } from './put-files.ts';
import type { Reloaded } from './reload-secrets.ts';
import { runStep, type RunPlan } from './run-plan.ts';
import type { Switched } from './switch-token.ts';

export interface RotateInput {
  readonly blueprint: Blueprint;
  readonly layout: Layout;
  readonly isolation: Isolation;
  readonly supervisor: Supervisor;
  readonly host: Host;
  /** What its rung saw of it. */
  readonly observed: unknown;
  /** The gateway's process now, and whether its listener is its own; asked again before a token is sent. */
  hold(): Promise<{ readonly process: Known<ProcessFact | null>; readonly mayHoldToken: Known<true> }>;
}

/** A secret file and what shall be in it. */
export interface NewSecret {
  readonly role: string;
  readonly file: string;
  readonly value: string;
  /** What lies there now; of a gateway token only. */
  readonly old?: string;
}

export interface Rotated {
  readonly role: string;
  /** `stored`: no gateway runs, the next start takes it. */
  readonly how: 'reload' | 'restart' | 'stored';
  /** Milliseconds in which neither the old nor the new value was taken; absent where nothing ran. */
  readonly gapMs?: number;
  /** What was seen, a sentence each. */
  readonly proof: readonly string[];
  /** What could not be shown. */
  readonly open: readonly string[];
}

type Run = Omit<RunPlan, 'plan' | 'hostOf'>;

/** Throws BulkheadError `unverified` before anything is changed when the gateway's listener is not its own, `apply` when the old value is still taken afterwards. */
export async function rotateSecret(input: RotateInput, secret: NewSecret, run: Run, signal: AbortSignal): Promise<Rotated> {
  const { blueprint } = input;
  const steps = stepper(input, secret.role, run, signal);
  const hold = await input.hold();
  if (hold.process.known && hold.process.value === null) {
    await steps('files', putSecret(input, secret));
    return { role: secret.role, how: 'stored', proof: ['no gateway runs: nobody is let in with either; the next start takes the new one'], open: [] };
  }
  if (!hold.mayHoldToken.known)
    throw new BulkheadError(
      'unverified',
      `${blueprint.tenant} on ${blueprint.host}: nothing was changed: ${hold.mayHoldToken.why}`,
      `see: bulkhead status ${blueprint.tenant}; then bulkhead restart ${blueprint.tenant}, or bulkhead quarantine ${blueprint.tenant}`,
    );
  return secret.role === GATEWAY_TOKEN_ROLE ? await rotateToken(input, secret, steps) : await rotateOther(input, secret, steps);
}

async function rotateToken(input: RotateInput, secret: NewSecret, steps: Steps): Promise<Rotated> {
  const { blueprint } = input;
  const request = { port: blueprint.publishedPort, file: fileOf(input, secret) };
  const title = `have the gateway of ${blueprint.tenant} take a new token`;
  const said = await steps.asking<Switched>('files', ours(input, 'switch-token', request, title));
  if (said.switched) {
    judgeToken(blueprint, said);
    const proof = [`the new token is let in (HTTP ${said.newStatus}), the old one is not (HTTP ${said.oldStatus}, asked once)`];
    const cut = said.oldConnection === null ? [] : [`a connection made with the old one was ended by the gateway: ${said.oldConnection}`];
    const open = said.oldConnection === null ? ['a connection made with the old token was not seen to end'] : [];
    return { role: secret.role, how: 'reload', gapMs: said.gapMs, proof: [...proof, ...cut], open };
  }
  // An earlier rotation that was cut short leaves a gateway that does not know the token of its file: only a start reads it.
  if (!said.written) await steps('files', putSecret(input, secret));
  const gapMs = await restart(input, steps);
  const { mayHoldToken } = await input.hold();
  if (!mayHoldToken.known) throw unproven(blueprint, mayHoldToken.why);
  const prove = { port: blueprint.publishedPort, tokenFile: secret.file, old: secret.old ?? '' };
  const proved = await steps.asking<Proved>('health', ours(input, 'prove-token', prove, `try the old and the new token of ${blueprint.tenant}`));
  judgeToken(blueprint, proved);
  const proof = [
    `it was restarted, since it could not take the token while it ran: ${said.why}`,
    `the new token is let in (HTTP ${proved.newStatus}), the one that lay in its file is not (HTTP ${proved.oldStatus}, asked once)`,
    'it has been started anew, so a token of before that is not known to it',
  ];
  return { role: secret.role, how: 'restart', gapMs, proof, open: [] };
}

async function rotateOther(input: RotateInput, secret: NewSecret, steps: Steps): Promise<Rotated> {
  const { blueprint } = input;
  const [kind, name = ''] = secret.role.split(':');
  await steps('files', putSecret(input, secret));
  const request = { port: blueprint.publishedPort, tokenFile: gatewayTokenFile(blueprint.paths), ...(kind === 'channel' ? { channel: name } : {}) };
  const title = `have the gateway of ${blueprint.tenant} read its ${secret.role} again`;
  const said = await steps.asking<Reloaded>('files', ours(input, 'reload-secrets', request, title));
  const provider = `that the old value is dead only its provider can show: bulkhead revoke ${blueprint.tenant} says where`;
  if (!said.reloaded) {
    const gapMs = await restart(input, steps);
    const proof = [
      `it was restarted, since it could not take the value while it ran: ${said.why}`,
      'a start reads its files, and the new value lies there',
    ];
    return { role: secret.role, how: 'restart', gapMs, proof, open: [provider] };
  }
  const failed = said.warnings > 0 ? [`OpenClaw could not read ${said.warnings} of its secrets and keeps their old values`] : [];
  const silent = said.connected === false ? [`the channel is not connected with the new value: ${said.lastError ?? 'it gives no reason'}`] : [];
  const proof = [
    'the gateway read all its secret files again after the new value was put there, and gave no warning',
    ...(said.connected === true ? ['the channel was started anew after that and is connected'] : []),
  ];
  return { role: secret.role, how: 'reload', gapMs: said.gapMs, proof: failed.length > 0 ? [] : proof, open: [...failed, ...silent, provider] };
}

function judgeToken(blueprint: Blueprint, { oldStatus, newStatus }: Proved): void {
  if (newStatus === 200 && oldStatus === 401) return;
  throw unproven(blueprint, `it answers ${newStatus} to the new token and ${oldStatus} to the old one; 200 and 401 prove the rotation`);
}

function unproven({ tenant, host }: Blueprint, why: string): BulkheadError {
  return new BulkheadError(
    'apply',
    `${tenant} on ${host}: the new token is in place, and is not proven: ${why}`,
    `run: bulkhead rotate ${tenant} gateway-token`,
  );
}

/** Milliseconds from the first command to the gateway's readiness. */
async function restart({ blueprint, layout, supervisor }: RotateInput, steps: Steps): Promise<number> {
  const started = performance.now();
  for (const command of supervisor.restart(layout, blueprint.serviceName)) await steps('service', command);
  await steps('health', programsFor(blueprint.install.node).waitHealthy(blueprint));
  return Math.round(performance.now() - started);
}

function fileOf({ isolation, observed }: RotateInput, { file, value }: NewSecret): FileToPut {
  const { uid, gid } = isolation.details(observed);
  return { path: file, content: value, mode: 0o400, ...(uid === undefined || gid === undefined ? {} : { uid, gid }) };
}

function putSecret(input: RotateInput, secret: NewSecret): Command {
  const name = secret.file.slice(secret.file.lastIndexOf('/') + 1);
  const title = `put secrets of ${input.blueprint.tenant} in place: ${name}`;
  return programsFor(input.blueprint.install.node).putFiles(title, [fileOf(input, secret)], true);
}

function ours({ blueprint }: RotateInput, program: string, request: unknown, title: string): Command {
  return selfContainedProgram({ program: sibling(import.meta.url, program), request, node: blueprint.install.node, title, redact: true });
}

interface Steps {
  (stage: Stage, command: Command): Promise<void>;
  /** For a program of ours that prints JSON. */
  asking<T>(stage: Stage, command: Command): Promise<T>;
}

/** Each with a receipt. */
function stepper({ blueprint, host }: RotateInput, role: string, run: Run, signal: AbortSignal): Steps {
  let count = 0;
  const step = async (stage: Stage, command: Command) => {
    count += 1;
    const id = `${blueprint.tenant}/rotate/${role}/${count}`;
    return await runStep({ ...run, hostOf: () => host }, { id, stage, tenant: blueprint.tenant, command }, signal);
  };
  const silent = async (stage: Stage, command: Command): Promise<void> => void (await step(stage, command));
  return Object.assign(silent, {
    asking: async <T>(stage: Stage, command: Command): Promise<T> => parseResult<T>(await step(stage, command), command.title, host.id),
  });
}
