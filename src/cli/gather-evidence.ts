/** What is secured of a tenant before it is put into quarantine. A part that cannot be had is named with the reason; it keeps nobody from closing the tenant. */
import { randomBytes } from 'node:crypto';
import type { EvidenceInput, Secured } from '../apply/evidence.ts';
import type { Blueprint } from '../core/blueprint.ts';
import { runSelfContained, parseResult, selfContainedProgram } from '../hosts/run-program.ts';
import { sibling } from '../hosts/self-contained.ts';
import { collectTenant } from '../observe/collect-tenant.ts';
import type { EvidenceTree, EvidenceTreeRequest } from '../observe/evidence-tree.ts';
import type { EvidenceProcesses, EvidenceProcessesRequest } from '../observe/evidence-processes.ts';
import { reason, subjectOf } from '../observe/subject.ts';
import { secretFiles } from '../openclaw/secrets.ts';
import type { CliContext } from './context.ts';
import type { Session } from './session.ts';
import { readSecretFiles } from './tokens.ts';

const LOG_BYTES = 1 << 20;
/** A minute is all that an open tenant may cost; what is left out is said. */
const TREE_LIMITS = { ms: 20_000, entries: 20_000, characters: 3 << 20, bytes: 1 << 30 };

export async function gatherEvidence(context: CliContext, session: Session, blueprint: Blueprint): Promise<EvidenceInput> {
  const { tenant } = blueprint;
  const { layoutOf, parts, state } = session;
  const { signal } = context;
  const host = parts.hostOf(blueprint.host);
  const layout = layoutOf(blueprint.host);
  const subject = await subjectOf({ layoutOf, hostOf: parts.hostOf, isolationOf: parts.isolationOf, signal }, blueprint);
  const secured = async (what: () => Promise<string> | string): Promise<Secured> => {
    try {
      return { ok: true, text: await what() };
    } catch (error) {
      return { ok: false, why: reason(error, signal) };
    }
  };
  const { observed, details, isolation } = subject;
  const seen = (): unknown => {
    if (!observed.known) throw new Error(observed.why);
    return observed.value;
  };
  const tree = secured(async () => {
    const request: EvidenceTreeRequest = { root: blueprint.paths.root, logFile: blueprint.paths.logFile, limits: TREE_LIMITS, logBytes: LOG_BYTES };
    const program = sibling(import.meta.url, '../observe/evidence-tree');
    const title = `list the files of ${tenant}`;
    const run = selfContainedProgram({ program, request, node: blueprint.install.node, title, timeoutMs: 60_000 });
    const command = isolation.asTenant(blueprint, layout, seen(), run);
    return json(parseResult<EvidenceTree>(await host.run(command, signal), title, host.id));
  });
  const processes = secured(async () => {
    const { services } = await (await parts.supervisorOf(blueprint.host, signal)).observe(host, layout, signal);
    const top = services.get(blueprint.serviceName)?.status.top;
    const request: EvidenceProcessesRequest = {
      pids: [top, details.pid].filter((pid) => pid !== undefined),
      ...(blueprint.user === undefined || details.uid === undefined ? {} : { uid: details.uid }),
    };
    const program = sibling(import.meta.url, '../observe/evidence-processes');
    const run = { program, request, node: blueprint.install.node, title: `list the processes of ${tenant}` };
    const seenByHost = await runSelfContained<EvidenceProcesses>(host, run, signal);
    if (blueprint.runtime === undefined) return json(seenByHost);
    // Whoever has a kernel of its own has its processes in there.
    const inside = await secured(async () => {
      const command = isolation.enter(blueprint, layout, seen(), selfContainedProgram({ ...run, request: { ...request, pids: [1] } }));
      return json(parseResult<EvidenceProcesses>(await host.run(command, signal), run.title, host.id));
    });
    return json({ ...seenByHost, inside: inside.ok ? (JSON.parse(inside.text) as EvidenceProcesses) : inside });
  });
  const config = secured(async () => {
    const view = await collectTenant(subject, randomBytes(32).toString('hex'));
    if (!view.config.known) throw new Error(view.config.why);
    return json(view.config.value);
  });
  const log = secured(async () => {
    const { logFile } = isolation.service(blueprint, layout, seen());
    const result = await host.run({ title: `read the log of ${tenant}`, argv: ['tail', '-c', String(LOG_BYTES), '--', logFile] }, signal);
    if (result.exit !== 0) throw new Error(result.stderr.trim().slice(0, 300));
    return result.stdout;
  });
  const takenAt = context.now().toISOString();
  return {
    directory: `${session.layout.stateDir}/evidence/${tenant}/${takenAt.replaceAll(':', '-')}`,
    tenant,
    host: host.id,
    by: context.user,
    takenAt,
    // With which it is kept, on this machine.
    node: blueprint.host === 'local' ? blueprint.install.node : process.execPath,
    items: {
      'processes-and-sockets.json': await processes,
      'files.json': await tree,
      'config-masked.json': await config,
      'process-log.txt': await log,
      'receipts.json': await secured(() => json(state.receipts({ tenant, limit: 1000 }))),
      'verification.json': await secured(() => json(state.latestVerification() ?? null)),
    },
    secrets: await secretsOf(session, blueprint, signal),
  };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 1)}\n`;
}

async function secretsOf(session: Session, blueprint: Blueprint, signal: AbortSignal): Promise<readonly string[]> {
  const files = secretFiles(blueprint).map(({ file }) => file);
  return Object.values(await readSecretFiles(session, [blueprint], files, signal)).map((text) => text.trim());
}
