/** `bulkhead adopt TENANT`: the cell of `openclaw fleet` with that name becomes a tenant: its data is copied, it is stopped, nothing of it is changed. */
import { adoptTenant, lookAtCell, planAdoption, type AdoptInput, type CellSeen } from '../../apply/adopt-tenant.ts';
import { resolveSecrets } from '../../apply/secret-values.ts';
import type { Blueprint } from '../../core/blueprint.ts';
import { BulkheadError, EXIT_CODES } from '../../core/error.ts';
import type { Step } from '../../core/plan.ts';
import { builtRung } from '../../core/words.ts';
import { fleetCommand, settingsLeft } from '../../openclaw/fleet-cells.ts';
import { adoptedText, adoptionText, type AdoptionCommands, type AdoptionPage } from '../../report/adopt-text.ts';
import { printJson } from '../../report/escape.ts';
import { planText } from '../../report/plan-text.ts';
import { stepJson } from '../../report/step-json.ts';
import { action } from '../action.ts';
import { applyInput } from '../apply-input.ts';
import { askSecrets } from '../ask-secrets.ts';
import { placed } from '../by-host.ts';
import type { CliContext } from '../context.ts';
import type { CommonFlags } from '../flags.ts';
import { judgePlan, refused, refuseMissing } from '../judge-plan.ts';
import { withLease } from '../lease.ts';
import { progressTo } from '../progress.ts';
import { recordedRun } from '../recorded-run.ts';
import { openSession, type Session } from '../session.ts';

type AdoptFlags = CommonFlags & { readonly identity?: string; readonly yes: boolean };

export const adopt = action(async (context, flags: AdoptFlags, name: string) => {
  const session = await openSession(context, flags);
  const blueprint = tenantFor(session, name);
  const record = session.state.adoptions().get(name);
  if (record?.finished !== undefined) {
    const after = commandsAfter(name, record.data);
    if (flags.json) context.print(`${printJson({ ok: true, exitCode: 0, tenant: name, done: true, since: record.finished, commands: [], after })}\n`);
    else context.print(adoptedText({ tenant: name, since: record.finished, after }));
    return EXIT_CODES.ok;
  }
  refusePlace(context, blueprint);
  // As plan and apply do: programs are asked for secrets only where something is done.
  const secrets = flags.yes ? await askSecrets(context, session, flags.identity) : resolveSecrets(session.blueprints, context.env);
  const report = judgePlan(context, session, secrets);
  if (report.exitCode !== EXIT_CODES.ok) return refused(context, flags, report);
  // The cell is stopped for this: what apply lacks afterwards is asked for before.
  if (flags.yes) refuseMissing(secrets, [blueprint]);
  const [place] = placed(session, [blueprint]);
  if (place === undefined) throw new Error(`${name} has no place`);
  const looker = { node: process.execPath, scanner: context.uid };
  const input: AdoptInput = { ...(await applyInput(context, session, place, secrets)), looker };
  const seen = await lookAtCell(input, name, context.signal);
  if (record === undefined) await refuseBuilt(input, blueprint, context.signal);
  const steps = flags.yes ? [] : await planAdoption(input, seen, context.signal);
  const copied = flags.yes ? await copy({ context, session, input, seen }, name) : seen;
  const page = pageOf(blueprint, copied);
  if (flags.json) context.print(`${printJson({ ok: true, exitCode: 0, done: flags.yes, ...page, commands: steps.map(stepJson) })}\n`);
  else context.print(textOf(context, page, steps, flags.yes));
  return EXIT_CODES.ok;
});

function textOf({ color, width }: CliContext, page: AdoptionPage, steps: readonly Step[], done: boolean): string {
  if (done) return adoptionText(page, true, width);
  const plan = planText(
    steps.map(({ tenant, command }) => ({ ...command, ...(tenant === undefined ? {} : { tenant }) })),
    { color, width },
  );
  return `${adoptionText(page, false, width)}\n${plan}\nNothing has been changed. Do it with: bulkhead adopt ${page.tenant} --yes\n`;
}

interface Copying {
  readonly context: CliContext;
  readonly session: Session;
  readonly input: AdoptInput;
  readonly seen: CellSeen;
}

/** From the first step to the last there is a record that keeps `apply` from starting what is not whole. */
async function copy({ context, session, input, seen }: Copying, tenant: string): Promise<CellSeen> {
  const run = recordedRun(context, session, progressTo(context));
  return await withLease(context, session, 'adopt', async () => {
    const { state, blueprints, guessed } = session;
    const leased = blueprints.filter((one) => one.tenant === tenant && !guessed.has(tenant));
    state.savePortLeases(new Map(leased.map(({ host, ports }) => [tenant, { ...ports, host }])));
    state.startAdoption(tenant, { cell: seen.cell.name, data: seen.cell.data, since: context.now().toISOString() });
    const copied = await adoptTenant({ ...input, ...run }, seen, context.signal);
    state.finishAdoption(tenant, context.now().toISOString());
    return copied;
  });
}

function tenantFor({ blueprints }: Session, name: string): Blueprint {
  const blueprint = blueprints.find(({ tenant }) => tenant === name);
  if (blueprint !== undefined) return blueprint;
  throw new BulkheadError(
    'usage',
    `the manifest has no tenant ${name}: a cell is adopted as the tenant of its name`,
    'declare it; bulkhead scan --write FILE writes the lines for every cell that is here',
  );
}

function refusePlace({ uid }: CliContext, blueprint: Blueprint): void {
  const { tenant, host } = blueprint;
  if (host !== 'local') throw new BulkheadError('usage', `${tenant} is on ${host}: a cell is adopted on its own machine`, 'run Bulkhead there');
  if (builtRung(blueprint) === 'profile')
    throw new BulkheadError('usage', `${tenant} on the rung profile would be less than the cell that it is`, `isolation: container for ${tenant}`);
  if (uid !== 0) throw new BulkheadError('host', 'only root can read a cell as its user and write as the tenant', 'run it as root');
}

/** A tree without a record is somebody's work. */
async function refuseBuilt({ isolationOf, layout, host }: AdoptInput, blueprint: Blueprint, signal: AbortSignal): Promise<void> {
  const isolation = isolationOf(blueprint);
  if (!isolation.hasTree(blueprint, await isolation.observe(blueprint, layout, host, signal))) return;
  const { tenant } = blueprint;
  throw new BulkheadError(
    'apply',
    `${tenant} is built already, with state of its own in ${blueprint.paths.root}: it would be lost; nothing was changed`,
    `if nothing of it is needed: bulkhead remove ${tenant} --confirm ${tenant}, then adopt again`,
  );
}

function pageOf({ tenant, config }: Blueprint, { cell, data, keys }: CellSeen): AdoptionPage {
  const { engine, running, data: place, furtherMounts } = cell;
  const settings = data.settings === undefined ? undefined : settingsLeft(data.settings, config);
  return {
    tenant,
    cell: { engine, running, data: place, furtherMounts },
    files: data.files + (keys?.files ?? 0),
    links: data.links + (keys?.links ?? 0),
    bytes: data.bytes + (keys?.bytes ?? 0),
    leftOut: [...data.leftOut, ...(keys?.leftOut ?? [])],
    behind: data.behind,
    ...(settings === undefined ? {} : { settings }),
    after: commandsAfter(tenant, place),
  };
}

function commandsAfter(tenant: string, data: string): AdoptionCommands {
  return {
    next: [`bulkhead apply ${tenant}`, 'bulkhead verify'],
    back: [`bulkhead remove ${tenant} --confirm ${tenant}`, fleetCommand(data, 'start', tenant)],
    retire: fleetCommand(data, 'rm', tenant),
    purge: fleetCommand(data, 'rm', tenant, '--purge-data', '--force'),
  };
}
