/** Looks at one tenant: what planning needs to know about it. Reads only. */
import { createHmac, randomBytes } from 'node:crypto';
import type { Blueprint, Layout } from '../core/blueprint.ts';
import { BulkheadError } from '../core/error.ts';
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
  /** SHA-256 (hex) of a service definition, as the supervisor computes it. */
  definitionOf(service: ReturnType<Isolation['service']>): string;
}

export async function lookAtTenant(look: Look, signal: AbortSignal): Promise<TenantSituation> {
  const { blueprint, layout, isolation, host, supervisor } = look;
  const observed = await isolation.observe(blueprint, layout, host, signal);
  const built = isolation.converge(blueprint, layout, observed).length === 0;
  const files = built ? await lookAtFiles(look, observed, signal) : undefined;
  const registered = look.supervisorObserved.services.get(blueprint.serviceName);
  const healthy = registered?.status.state === 'running' && (await isHealthy(look, signal));
  return {
    blueprint,
    layout,
    isolation,
    observed,
    supervisor,
    registered: built && registered !== undefined && registered.definition === look.definitionOf(isolation.service(blueprint, layout, observed)),
    healthy,
    ...(registered === undefined ? {} : { status: registered.status }),
    ...(files === undefined ? {} : { files }),
  };
}

async function lookAtFiles(look: Look, observed: unknown, signal: AbortSignal): Promise<{ secrets: readonly WantedFile[]; config: WantedFile }> {
  const { blueprint, layout, isolation, host } = look;
  const key = randomBytes(32).toString('hex');
  const wantedSecrets = secretFiles(blueprint);
  const program = sibling(import.meta.url, 'look-at-files');
  const run = { program, node: blueprint.install.node };
  // The directory of secrets is root's (or the operator's own): nothing in it is under the tenant's control.
  const title = `look at the secret files of ${blueprint.tenant}`;
  const seenSecrets = runSelfContained<Record<string, FileSeen>>(
    host,
    { ...run, request: { key, paths: wantedSecrets.map(({ file }) => file) }, title, redact: true },
    signal,
  );
  const lookAtConfig = selfContainedProgram({
    ...run,
    request: { key, paths: [blueprint.paths.configFile] },
    title: `look at the config of ${blueprint.tenant}`,
    redact: true,
  });
  const asTenant = isolation.asTenant(blueprint, layout, observed, lookAtConfig);
  const seenConfig = host.run(asTenant, signal).then((result) => parseResult<Record<string, FileSeen>>(result, asTenant.title, host.id));
  const [secretsSeen, configSeen] = await Promise.all([seenSecrets, seenConfig]);
  const compare = (path: string, content: string, mode: number, seen: FileSeen | undefined): WantedFile =>
    compareFile({ path, content, mode }, seen, key);
  const secrets = wantedSecrets.map(({ role, file }) => {
    const seen = secretsSeen[file];
    // A gateway token is made once and then kept: what is there is right.
    if (role === GATEWAY_TOKEN_ROLE && seen?.kind === 'file') return { path: file, content: '', mode: 0o400, seen: 'same' as const };
    return compare(file, look.secrets.valueOf(blueprint.tenant, role), 0o400, seen);
  });
  const config = `${JSON.stringify(blueprint.config, null, 2)}\n`;
  return { secrets, config: compare(blueprint.paths.configFile, config, 0o600, configSeen[blueprint.paths.configFile]) };
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

async function isHealthy({ blueprint, host }: Look, signal: AbortSignal): Promise<boolean> {
  const run = {
    program: sibling(import.meta.url, 'wait-healthy'),
    request: { port: blueprint.publishedPort, deadlineMs: 500 },
    node: blueprint.install.node,
    title: `ask ${blueprint.tenant} for its health`,
  };
  return (await runSelfContained<{ healthy: boolean }>(host, run, signal)).healthy;
}
