/** What is declared for one tenant × what is on its host → the steps between them. Pure. */
import type { Blueprint, Layout } from '../core/blueprint.ts';
import type { Command, Program } from '../core/command.ts';
import { BulkheadError } from '../core/error.ts';
import type { Isolation, ServiceStatus, Supervisor } from '../core/host.ts';
import type { Stage } from '../core/plan.ts';

/** A file as it should be: `same` tells whether what was seen on the host already equals it. */
export interface WantedFile {
  readonly path: string;
  readonly content: string;
  readonly mode: number;
  readonly seen: 'missing' | 'same' | 'different' | 'odd';
  /** Why it is odd. */
  readonly why?: string;
}

/** Everything that planning one tenant needs to know. `files` is absent while they cannot be looked at: there is a tree, but no Node to look with. */
export interface TenantSituation<Observed = unknown> {
  readonly blueprint: Blueprint;
  readonly layout: Layout;
  readonly isolation: Isolation<Observed>;
  readonly observed: Observed;
  /** What will be observed once the boundary stands; all that follows it is planned on this. */
  readonly foreseen: Observed;
  readonly supervisor: Supervisor;
  readonly status?: ServiceStatus;
  /** Whether the definition that the supervisor has is the wanted one. */
  readonly registered: boolean;
  /** Whether /readyz answers on the published port. */
  readonly healthy: boolean;
  readonly files?: { readonly secrets: readonly WantedFile[]; readonly config: WantedFile };
}

/** Programs that planning places into commands, made by `apply/` and `openclaw/`. */
export interface Programs {
  putFiles(title: string, files: readonly { path: string; content: string; mode: number; uid?: number; gid?: number }[], redact: boolean): Program;
  validateConfig(blueprint: Blueprint, path: string): Program;
  waitHealthy(blueprint: Blueprint): Program;
}

export interface TenantPlan {
  readonly steps: readonly StagedCommand[];
  /** Stages that cannot be spelled out before the ones above have run. */
  readonly later: readonly Stage[];
}

export function planTenant<Observed>(situation: TenantSituation<Observed>, programs: Programs): TenantPlan {
  const { blueprint, layout, isolation, observed } = situation;
  const boundary = stage('boundary', isolation.converge(blueprint, layout, observed));
  if (situation.files === undefined) return { steps: boundary, later: ['files', 'service', 'health'] };
  const { candidate, inPlace } = filesStage(situation, situation.files, programs);
  const running = situation.status !== undefined && ['running', 'starting', 'backing-off'].includes(situation.status.state);
  const mustStop = running && (inPlace.length > 0 || !situation.registered);
  const steps = [...boundary, ...stage('files', candidate)];
  if (mustStop) steps.push(...stage('stop', situation.supervisor.stop(layout, blueprint.serviceName)));
  steps.push(...stage('files', inPlace));
  // The supervisor's definitions are converged for the whole host at once, between the files and the start.
  const mustStart = !running || mustStop;
  if (mustStart) steps.push(...stage('service', situation.supervisor.start(layout, blueprint.serviceName)));
  if (mustStart || !situation.healthy) steps.push(...stage('health', [programs.waitHealthy(blueprint)]));
  return { steps, later: [] };
}

interface StagedCommand {
  readonly stage: Stage;
  readonly command: Command;
}

function stage(name: Stage, commands: readonly Command[]): StagedCommand[] {
  return commands.map((command) => ({ stage: name, command }));
}

/**
 * `candidate`: the new config beside the old one, judged by the real `openclaw config validate`.
 * `inPlace`: what changes under a gateway, so it happens while the gateway is stopped: a crash in between leaves a stopped tenant,
 * which the next apply starts, never a running one with yesterday's config.
 */
function filesStage<Observed>(
  situation: TenantSituation<Observed>,
  files: { readonly secrets: readonly WantedFile[]; readonly config: WantedFile },
  programs: Programs,
): { readonly candidate: readonly Command[]; readonly inPlace: readonly Command[] } {
  const { blueprint, layout, isolation, foreseen: observed } = situation;
  for (const file of [...files.secrets, files.config]) refuseOdd(blueprint, file);
  const { uid, gid } = isolation.details(observed);
  const owner = uid === undefined || gid === undefined ? {} : { uid, gid };
  const secrets = files.secrets.filter((file) => file.seen !== 'same');
  const inPlace: Command[] = [];
  if (secrets.length > 0) {
    const names = secrets.map((file) => file.path.slice(file.path.lastIndexOf('/') + 1)).join(', ');
    const wanted = secrets.map(({ path, content, mode }) => ({ path, content, mode, ...owner }));
    inPlace.push(programs.putFiles(`put secrets of ${blueprint.tenant} in place: ${names}`, wanted, true));
  }
  if (files.config.seen === 'same') return { candidate: [], inPlace };
  const { path, content, mode } = files.config;
  const next = `${path}.next`;
  const asTenant = (program: Program): Command => isolation.asTenant(blueprint, layout, observed, program);
  const validation = asTenant(programs.validateConfig(blueprint, next));
  // A config may name secrets that exist only after the next command; the first config is validated once they are there.
  const write = asTenant(
    programs.putFiles(`write the new OpenClaw config of ${blueprint.tenant} beside the old one`, [{ path: next, content, mode }], false),
  );
  const move = asTenant({ title: `put the OpenClaw config of ${blueprint.tenant} in place`, argv: ['mv', '-T', '--', next, path] });
  const secretsFirst = files.secrets.some((file) => file.seen === 'missing');
  return secretsFirst
    ? { candidate: [], inPlace: [...inPlace, write, validation, move] }
    : { candidate: [write, validation], inPlace: [...inPlace, move] };
}

function refuseOdd(blueprint: Blueprint, file: WantedFile): void {
  if (file.seen !== 'odd') return;
  throw new BulkheadError(
    'apply',
    `${blueprint.tenant} on ${blueprint.host}: ${file.path} is in the way: ${file.why ?? 'it is no plain file'}`,
    `look at it, move it away, then run: bulkhead apply`,
  );
}
