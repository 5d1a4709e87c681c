/** Looks at one tenant: what planning needs to know about it. Reads only. */
import { createHmac, randomBytes } from 'node:crypto';
import type { Blueprint, Layout } from '../core/blueprint.ts';
import { BulkheadError } from '../core/error.ts';
import type { TenantId } from '../core/words.ts';
import type { Host, Isolation, Supervisor, SupervisorObserved } from '../core/host.ts';
import { parseResult, runSelfContained, selfContainedProgram } from '../hosts/run-program.ts';
import { sibling } from '../hosts/self-contained.ts';
import { GATEWAY_TOKEN_ROLE, secretFiles } from '../openclaw/secrets.ts';
import type { TenantSituation, WantedFile } from '../plan/plan-tenant.ts';
import type { FileSeen } from './look-at-files.ts';
import type { SecretValues } from './secret-values.ts';

export interface Look {
  readonly blueprint: Blueprint;
  readonly layout: Layout;
  readonly isolation: Isolation;
  readonly host: Host;
  readonly supervisor: Supervisor;
  readonly supervisorObserved: SupervisorObserved;
  readonly secrets: SecretValues;
  /** Node to look with: the install's, or the operator's own while there is no install. */
  readonly node: string;
  /** Tenants whose gateway token is made anew. */
  readonly renewed?: ReadonlySet<TenantId>;
}

export async function lookAtTenant(look: Look, signal: AbortSignal): Promise<TenantSituation> {
  const { blueprint, layout, isolation, host, supervisor } = look;
  const observed = await isolation.observe({ ...blueprint, install: { ...blueprint.install, node: look.node } }, layout, host, signal);
  const foreseen = isolation.foresee(blueprint, layout, observed);
  const files = await filesOf(look, observed, signal);
  const registered = look.supervisorObserved.services.get(blueprint.serviceName);
  const healthy = registered?.status.state === 'running' && (await isHealthy(look, signal));
  return {
    blueprint,
    layout,
    isolation,
    observed,
    foreseen,
    supervisor,
    registered: registered !== undefined && registered.definition === supervisor.definitionOf(isolation.service(blueprint, layout, foreseen)),
    healthy,
    ...(registered === undefined ? {} : { status: registered.status }),
    ...(files === undefined ? {} : { files }),
  };
}

type Files = NonNullable<TenantSituation['files']>;

/** Undefined where only a later look can tell: as the tenant, in a tree that is not yet as it should be, or with a Node that is not yet there. */
async function filesOf(look: Look, observed: unknown, signal: AbortSignal): Promise<Files | undefined> {
  const { blueprint, layout, isolation, node } = look;
  const built = isolation.converge(blueprint, layout, observed).length === 0;
  if (isolation.hasTree(blueprint, observed) && node !== blueprint.install.node) return undefined;
  try {
    return await lookAtFiles(look, observed, signal);
  } catch (error) {
    if (built || !(error instanceof BulkheadError) || error.code !== 'host') throw error;
    return undefined;
  }
}

async function lookAtFiles(look: Look, observed: unknown, signal: AbortSignal): Promise<Files> {
  const { blueprint, isolation, host } = look;
  const key = randomBytes(32).toString('hex');
  const wantedSecrets = secretFiles(blueprint);
  const program = sibling(import.meta.url, 'look-at-files');
  const run = { program, node: look.node };
  // The directory of secrets is root's (or the operator's own): nothing in it is under the tenant's control.
  const title = `look at the secret files of ${blueprint.tenant}`;
  const seenSecrets = runSelfContained<Record<string, FileSeen>>(
    host,
    { ...run, request: { key, paths: wantedSecrets.map(({ file }) => file) }, title, redact: true },
    signal,
  );
  const seenConfig = isolation.hasTree(blueprint, observed) ? lookAtConfig(look, observed, key, signal) : { kind: 'missing' as const };
  const [secretsSeen, configSeen] = await Promise.all([seenSecrets, seenConfig]);
  const compare = (path: string, content: string, mode: number, seen: FileSeen | undefined): WantedFile =>
    compareFile({ path, content, mode }, seen, key);
  const secrets = wantedSecrets.map(({ role, file }) => {
    const seen = secretsSeen[file];
    // A gateway token is made once and then kept: what is there is right.
    if (role === GATEWAY_TOKEN_ROLE && seen?.kind === 'file' && look.renewed?.has(blueprint.tenant) !== true)
      return { path: file, content: '', mode: 0o400, seen: 'same' as const };
    const value = look.secrets.valueOf(blueprint.tenant, role);
    // Not provided here: apply refuses, and a plan says that it is missing and takes what is there for right.
    if (value === undefined && seen?.kind === 'file') return { path: file, content: '', mode: 0o400, seen: 'same' as const };
    return compare(file, value ?? '', 0o400, seen);
  });
  const config = `${JSON.stringify(blueprint.config, null, 2)}\n`;
  return { secrets, config: compare(blueprint.paths.configFile, config, 0o600, configSeen) };
}

async function lookAtConfig(look: Look, observed: unknown, key: string, signal: AbortSignal): Promise<FileSeen | undefined> {
  const { blueprint, layout, isolation, host, node } = look;
  const path = blueprint.paths.configFile;
  const program = selfContainedProgram({
    program: sibling(import.meta.url, 'look-at-files'),
    node,
    request: { key, paths: [path] },
    title: `look at the config of ${blueprint.tenant}`,
    redact: true,
  });
  const asTenant = isolation.asTenant(blueprint, layout, observed, program);
  return parseResult<Record<string, FileSeen>>(await host.run(asTenant, signal), asTenant.title, host.id)[path];
}

function compareFile(file: { path: string; content: string; mode: number }, seen: FileSeen | undefined, key: string): WantedFile {
  if (seen === undefined) throw new BulkheadError('host', `nothing was said about ${file.path}`, 'run the same command again');
  switch (seen.kind) {
    case 'missing':
      return { ...file, seen: 'missing' };
    case 'odd':
      return { ...file, seen: 'odd', why: seen.why };
    case 'file': {
      const digest = createHmac('sha256', Buffer.from(key, 'hex')).update(file.content).digest('hex');
      return { ...file, seen: seen.digest === digest && seen.mode === file.mode ? 'same' : 'different' };
    }
  }
}

async function isHealthy({ blueprint, host, node }: Look, signal: AbortSignal): Promise<boolean> {
  const run = {
    program: sibling(import.meta.url, 'wait-healthy'),
    request: { port: blueprint.publishedPort, deadlineMs: 500 },
    node,
    title: `ask ${blueprint.tenant} for its health`,
  };
  return (await runSelfContained<{ healthy: boolean }>(host, run, signal)).healthy;
}
