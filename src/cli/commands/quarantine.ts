/** `bulkhead quarantine` and `bulkhead release`: a tenant is closed during an incident, and stays so until it is released. */
import { applyFleet } from '../../apply/apply-fleet.ts';
import { keepEvidence } from '../../apply/evidence.ts';
import { proveClosed } from '../../apply/prove-closed.ts';
import { runStep } from '../../apply/run-plan.ts';
import { resolveSecrets, type SecretValues } from '../../apply/secret-values.ts';
import type { Blueprint } from '../../core/blueprint.ts';
import type { Command } from '../../core/command.ts';
import { BulkheadError, EXIT_CODES } from '../../core/error.ts';
import type { Stage } from '../../core/plan.ts';
import { observeHolds } from '../../observe/gateways.ts';
import { channelSecretFile } from '../../openclaw/secrets.ts';
import { printJson } from '../../report/escape.ts';
import { quarantineText, releaseText } from '../../report/quarantine-text.ts';
import { action } from '../action.ts';
import { applyInput } from '../apply-input.ts';
import { askSecrets } from '../ask-secrets.ts';
import { placed } from '../by-host.ts';
import type { CliContext } from '../context.ts';
import type { CommonFlags } from '../flags.ts';
import { gatherEvidence } from '../gather-evidence.ts';
import { judgePlan, refused } from '../judge-plan.ts';
import { withBoth } from '../lease.ts';
import { progressTo } from '../progress.ts';
import { recordedRun, type RecordedRun } from '../recorded-run.ts';
import { blueprintsWith, openSession, theTenant, type Session } from '../session.ts';
import { readGatewayTokens } from '../tokens.ts';

export const quarantine = action(async (context, flags: CommonFlags, name: string) => {
  const session = await openSession(context, flags);
  const before = theTenant(session, name);
  const { parts, layoutOf, state } = session;
  const isolation = parts.isolationOf(before);
  const observed = await isolation.observe(before, layoutOf(before.host), parts.hostOf(before.host), context.signal);
  if (!isolation.hasTree(before, observed))
    throw new BulkheadError('apply', `${name} on ${before.host}: nothing of it is built, so there is nothing to close`, `bulkhead status ${name}`);
  const { evidence, unkept, closed, old, runId } = await withBoth(context, session, { host: before.host, command: 'quarantine' }, async () => {
    const running = runOf(context, session, before);
    running.progress.line(`secure the evidence of ${name}, before anything is changed`);
    const input = await gatherEvidence(context, session, before);
    // It stays with the operator, out of reach of whoever has the machine.
    const unkept = await keepEvidence(input, async (command) => await running.step('files', command, 'local'), context.signal);
    // From here on every apply keeps it closed, also when this one is cut short.
    state.quarantine(name, { since: input.takenAt, by: context.user, evidence: input.directory });
    const blueprint = theTenant({ ...session, blueprints: blueprintsWith(session, [...session.quarantined.keys(), name]) }, name);
    const channels = (session.fleet.tenants.find(({ id }) => id === name)?.channels ?? []).flatMap((one) =>
      one.secrets.map(({ field }) => channelSecretFile(blueprint.paths, one, field)),
    );
    if (channels.length > 0)
      await running.step('files', { title: `take the channel secrets of ${name} away`, argv: ['rm', '-f', '--', ...channels] });
    const was = (await readGatewayTokens(session, [before], context.signal)).get(name);
    await applyRenewed(context, session, {
      blueprint,
      secrets: resolveSecrets([blueprint], context.env),
      run: running.run,
    });
    const hold = await lookAtHold(context, session, blueprint);
    const seen = await proveClosed(
      { blueprint, host: parts.hostOf(blueprint.host), hold, ...(was === undefined ? {} : { old: was }) },
      context.signal,
    );
    return { evidence: input, unkept, closed: seen, old: was !== undefined, runId: running.run.runId };
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
  if (report.exitCode !== EXIT_CODES.ok) return refused(context, flags, report);
  const runId = await withBoth(context, session, { host: blueprint.host, command: 'release' }, async () => {
    const running = runOf(context, session, blueprint);
    await applyRenewed(context, session, { blueprint, secrets, run: running.run });
    // Last: cut short before this, the next apply closes it again.
    session.state.release(name);
    return running.run.runId;
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
  readonly run: RecordedRun;
}

/** Builds the tenant as its blueprint says, with a gateway token made anew. */
async function applyRenewed(context: CliContext, session: Session, { blueprint, secrets, run }: Renewal): Promise<void> {
  const [place] = placed(session, [blueprint]);
  if (place === undefined) throw new Error('a tenant is on a host');
  const input = await applyInput(context, session, place, secrets);
  await applyFleet({ ...input, renewed: new Set([blueprint.tenant]), ...run }, context.signal);
}

async function lookAtHold({ signal }: CliContext, { layoutOf, parts }: Session, blueprint: Blueprint) {
  const holdOf = await observeHolds({
    blueprints: [blueprint],
    layout: layoutOf(blueprint.host),
    host: parts.hostOf(blueprint.host),
    isolationOf: parts.isolationOf,
    signal,
  });
  return holdOf(blueprint.tenant);
}

/** Single steps of one run, each with its receipt. */
function runOf(context: CliContext, session: Session, { tenant, host }: Blueprint) {
  const progress = progressTo(context);
  const run = recordedRun(context, session, progress);
  let count = 0;
  return {
    run,
    progress,
    step: async (stage: Stage, command: Command, on = host): Promise<void> => {
      count += 1;
      await runStep(
        { ...run, hostOf: () => session.parts.hostOf(on) },
        { id: `${tenant}/quarantine/${count}`, stage, tenant, command },
        context.signal,
      );
    },
  };
}
