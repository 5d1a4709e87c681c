/** `bulkhead quarantine` and `bulkhead release`: a tenant is closed during an incident, and stays so until it is released. */
import { randomUUID } from 'node:crypto';
import { applyFleet } from '../../apply/apply-fleet.ts';
import { keepEvidence } from '../../apply/evidence.ts';
import { proveClosed, type Closed } from '../../apply/prove-closed.ts';
import { runStep } from '../../apply/run-plan.ts';
import { resolveSecrets, type SecretValues } from '../../apply/secret-values.ts';
import type { Blueprint } from '../../core/blueprint.ts';
import type { Command } from '../../core/command.ts';
import { BulkheadError, EXIT_CODES } from '../../core/error.ts';
import { unknown } from '../../core/facts.ts';
import type { Stage } from '../../core/plan.ts';
import { observeHolds } from '../../observe/gateways.ts';
import { channelSecretFile } from '../../openclaw/secrets.ts';
import { printJson } from '../../report/escape.ts';
import { quarantineText, releaseText } from '../../report/quarantine-text.ts';
import { reportJson } from '../../report/json.ts';
import { printReport } from '../../report/terminal.ts';
import { action } from '../action.ts';
import { applyInput } from '../apply-input.ts';
import { askSecrets } from '../ask-secrets.ts';
import type { CliContext } from '../context.ts';
import type { CommonFlags } from '../flags.ts';
import { gatherEvidence } from '../gather-evidence.ts';
import { judgePlan } from '../judge-plan.ts';
import { withLease } from '../lease.ts';
import { progressTo, type Progress } from '../progress.ts';
import { blueprintsWith, openSession, theTenant, type Session } from '../session.ts';
import { readGatewayToken } from '../tokens.ts';

export const quarantine = action(async (context, flags: CommonFlags, name: string) => {
  const session = await openSession(context, flags);
  const before = theTenant(session, name);
  const { parts, layout, state } = session;
  const isolation = parts.isolationOf(before);
  const observed = await isolation.observe(before, layout, parts.hostOf(before.host), context.signal);
  if (!isolation.hasTree(before, observed))
    throw new BulkheadError('apply', `${name} on ${before.host}: nothing of it is built, so there is nothing to close`, `bulkhead status ${name}`);
  const { evidence, unkept, closed, old, runId } = await withLease(context, session, 'quarantine', async () => {
    const running = runOf(context, session, before);
    running.progress.line(`secure the evidence of ${name}, before anything is changed`);
    const input = await gatherEvidence(context, session, before);
    const unkept = await keepEvidence(input, async (command) => await running.step('files', command), context.signal);
    // From here on every apply keeps it closed, also when this one is cut short.
    state.quarantine(name, { since: input.takenAt, by: context.user, evidence: input.directory });
    const blueprint = theTenant({ ...session, blueprints: blueprintsWith(session, [...session.quarantined.keys(), name]) }, name);
    const channels = (session.fleet.tenants.find(({ id }) => id === name)?.channels ?? []).flatMap((one) =>
      one.secrets.map(({ field }) => channelSecretFile(blueprint.paths, one, field)),
    );
    if (channels.length > 0)
      await running.step('files', { title: `take the channel secrets of ${name} away`, argv: ['rm', '-f', '--', ...channels] });
    const was = readGatewayToken(session.blueprints, name);
    await applyRenewed(context, session, {
      blueprint,
      secrets: resolveSecrets([blueprint], context.env),
      runId: running.runId,
      progress: running.progress,
    });
    const hold = await holdOf(context, session, blueprint);
    const seen = await proveClosed(
      { blueprint, host: parts.hostOf(blueprint.host), hold, ...(was === undefined ? {} : { old: was }) },
      context.signal,
    );
    return { evidence: input, unkept, closed: seen, old: was !== undefined, runId: running.runId };
  });
  const exitCode = closed.open.length === 0 ? EXIT_CODES.ok : EXIT_CODES.unverified;
  const notSecured = [...unkept, ...Object.entries(evidence.items).flatMap(([item, one]) => (one.ok ? [] : [{ item, why: one.why }]))];
  const holders = old ? before.apiClients.map((client) => client.name) : [];
  const document = { tenant: name, evidence: evidence.directory, notSecured, proof: closed.proof, open: closed.open, holders };
  if (flags.json) context.print(`${printJson({ ok: exitCode === 0, exitCode, runId, ...document })}\n`);
  else context.print(quarantineText(document));
  return exitCode;
});

export const release = action(async (context, flags: CommonFlags & { readonly identity?: string }, name: string) => {
  const opened = await openSession(context, flags);
  theTenant(opened, name);
  const how = opened.quarantined.get(name);
  if (how === undefined) throw new BulkheadError('usage', `${name} is not in quarantine`, `bulkhead status ${name}`);
  const others = [...opened.quarantined.keys()].filter((tenant) => tenant !== name);
  const session = { ...opened, blueprints: blueprintsWith(opened, others) };
  const blueprint = theTenant(session, name);
  const secrets = await askSecrets(context, session, flags.identity);
  refuseMissing(blueprint, secrets);
  const report = judgePlan(context, session, secrets);
  if (report.exitCode !== EXIT_CODES.ok) {
    if (flags.json) context.print(`${printJson({ ok: false, exitCode: report.exitCode, report: reportJson(report) })}\n`);
    else context.print(printReport(report, { color: context.color, width: context.width }));
    return report.exitCode;
  }
  const runId = await withLease(context, session, 'release', async () => {
    const running = runOf(context, session, blueprint);
    await applyRenewed(context, session, { blueprint, secrets, runId: running.runId, progress: running.progress });
    // Last: cut short before this, the next apply closes it again.
    session.state.release(name);
    return running.runId;
  });
  const document = { tenant: name, since: how.since, evidence: how.evidence, channels: blueprint.channels.map(({ kind }) => kind) };
  const holders = blueprint.apiClients.map((client) => client.name);
  if (flags.json) context.print(`${printJson({ ok: true, exitCode: 0, runId, ...document, holders })}\n`);
  else context.print(releaseText({ ...document, holders }));
  return EXIT_CODES.ok;
});

/** Half of what the manifest says is no release. */
function refuseMissing({ tenant }: Blueprint, { missing }: SecretValues): void {
  const gaps = missing.filter((gap) => gap.tenant === tenant);
  const [first] = gaps;
  if (first === undefined) return;
  const list = gaps.map(({ reference, role, why }) => `${reference} (${role}): ${why}`).join('; ');
  throw new BulkheadError(
    'apply',
    `${tenant} stays in quarantine: not all of its secrets are provided: ${list}`,
    `provide ${first.reference}, or take it out of the manifest; then run: bulkhead release ${tenant}`,
  );
}

interface Renewal {
  readonly blueprint: Blueprint;
  readonly secrets: SecretValues;
  readonly runId: string;
  readonly progress: Progress;
}

/** Builds the tenant as its blueprint says, with a gateway token made anew. */
async function applyRenewed(context: CliContext, session: Session, { blueprint, secrets, runId, progress }: Renewal): Promise<void> {
  const input = await applyInput(context, session, [blueprint], secrets);
  const run = {
    ...input,
    renewed: new Set([blueprint.tenant]),
    runId,
    keep: session.state.keepReceipt.bind(session.state),
    onStep: (step: { command: { title: string } }, phase: 'start' | 'done') => {
      if (phase === 'start') progress.line(step.command.title);
    },
    now: () => context.now(),
  };
  await applyFleet(run, context.signal);
}

async function holdOf({ signal }: CliContext, { layout, parts }: Session, blueprint: Blueprint) {
  const holds = await observeHolds({ blueprints: [blueprint], layout, host: parts.hostOf(blueprint.host), isolationOf: parts.isolationOf, signal });
  const none: Closed['hold'] = { process: unknown('it was not looked at'), mayHoldToken: unknown('it was not looked at') };
  return holds.get(blueprint.tenant) ?? none;
}

/** Single steps of one run, each with its receipt. */
function runOf(context: CliContext, session: Session, { tenant, host }: Blueprint) {
  const progress = progressTo(context);
  const runId = randomUUID();
  let count = 0;
  return {
    runId,
    progress,
    step: async (stage: Stage, command: Command): Promise<void> => {
      count += 1;
      const run = {
        runId,
        hostOf: () => session.parts.hostOf(host),
        keep: session.state.keepReceipt.bind(session.state),
        onStep: (step: { command: { title: string } }, phase: 'start' | 'done') => {
          if (phase === 'start') progress.line(step.command.title);
        },
        now: () => context.now(),
      };
      await runStep(run, { id: `${tenant}/quarantine/${count}`, stage, tenant, command }, context.signal);
    },
  };
}
