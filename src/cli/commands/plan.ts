/** `bulkhead plan`: judge the manifest, then print the exact commands that apply would run. Changes nothing. */
import { escapeForTerminal, printJson } from '../../report/escape.ts';
import { planNow } from '../../apply/apply-fleet.ts';
import { NOT_ASKED, resolveSecrets } from '../../apply/secret-values.ts';
import type { SecretValues } from '../../apply/secret-values.ts';
import type { Blueprint } from '../../core/blueprint.ts';
import { BulkheadError, EXIT_CODES } from '../../core/error.ts';
import type { Plan, Step } from '../../core/plan.ts';
import { planText } from '../../report/plan-text.ts';
import { stepJson } from '../../report/step-json.ts';
import { reportJson } from '../../report/json.ts';
import { printReport } from '../../report/terminal.ts';
import { action } from '../action.ts';
import { applyInput, placesToApply } from '../apply-input.ts';
import type { CliContext } from '../context.ts';
import { judgePlan } from '../judge-plan.ts';
import { reportAs } from '../print-report.ts';
import { formatOf, type ReportFlags } from '../report-flags.ts';
import { openSession, quarantineNotes, selectTenants, type Session } from '../session.ts';

export const plan = action(async (context, flags: ReportFlags, ...tenants: readonly string[]) => {
  const format = formatOf(flags);
  const session = await openSession(context, flags);
  const blueprints = selectTenants(session, tenants);
  const secrets = resolveSecrets(session.blueprints, context.env);
  const report = judgePlan(context, session, secrets, flags.failOn);
  const refused = report.exitCode !== EXIT_CODES.ok;
  // A refused manifest is looked at no further: no port, no path, no command.
  const { planned, unseen } = refused ? NOTHING : await planAll(context, session, blueprints, secrets);
  const exitCode = report.exitCode === EXIT_CODES.ok && unseen.length > 0 ? EXIT_CODES.unverified : report.exitCode;
  const missing = secrets.missing.map(({ reference, tenant, role, why }) => ({ reference, tenant, role, why }));
  if (format === 'sarif' || format === 'junit') {
    context.print(reportAs(context, format, { report, fleet: session.fleet, failOn: flags.failOn }));
    return report.exitCode;
  }
  if (format === 'json') {
    const document = {
      ok: exitCode === EXIT_CODES.ok,
      exitCode,
      commands: planned.steps.map(stepJson),
      later: planned.later,
      ...(unseen.length === 0 ? {} : { unseenHosts: unseen }),
      missingSecrets: missing,
      quarantined: blueprints.filter(({ tenant }) => session.quarantined.has(tenant)).map(({ tenant }) => tenant),
      report: reportJson(report),
    };
    context.print(`${printJson(document)}\n`);
    return exitCode;
  }
  context.note(quarantineNotes(session, blueprints));
  if (refused) {
    context.print(printReport(report, { color: context.color, width: context.width }));
    return report.exitCode;
  }
  context.print(planText(planned.steps.map(planLine), { color: context.color, width: context.width }));
  if (planned.later.length > 0)
    context.print(`\nThen, once these have run (bulkhead apply prints each as it comes):\n${planned.later.map((one) => `  ${one}\n`).join('')}`);
  if (planned.steps.length === 0 && planned.later.length === 0 && unseen.length === 0) context.print('Nothing to do: all is as declared.\n');
  for (const { why, fix } of unseen) context.note(`! ${escapeForTerminal(why)}\n  ${escapeForTerminal(fix)}\n`);
  for (const { reference, tenant, role, why } of missing) {
    const how = why === NOT_ASKED ? 'is not asked by plan; apply asks it' : 'is not provided here; apply needs it';
    context.note(`! ${escapeForTerminal(`${tenant}: ${reference} (${role}) ${how}`)}\n`);
  }
  return exitCode;
});

interface Planned {
  readonly planned: Plan;
  /** Hosts that could not be looked at: what is to do there is not known. */
  readonly unseen: readonly { readonly host: string; readonly why: string; readonly fix: string }[];
}

const NOTHING: Planned = { planned: { steps: [], later: [] }, unseen: [] };

/** Host by host. That the machine which this runs on cannot be looked at is an error of the command. */
async function planAll(context: CliContext, session: Session, blueprints: readonly Blueprint[], secrets: SecretValues): Promise<Planned> {
  const plans = await Promise.all(
    placesToApply(session, blueprints).map(async (place): Promise<Planned> => {
      try {
        return { planned: await planNow(await applyInput(context, session, place, secrets), context.signal), unseen: [] };
      } catch (error) {
        context.signal.throwIfAborted();
        if (place.id === 'local' || !(error instanceof BulkheadError) || error.code !== 'host') throw error;
        return { ...NOTHING, unseen: [{ host: place.id, why: error.message, fix: error.hint }] };
      }
    }),
  );
  return {
    planned: { steps: plans.flatMap(({ planned }) => planned.steps), later: plans.flatMap(({ planned }) => planned.later) },
    unseen: plans.flatMap(({ unseen }) => unseen),
  };
}

function planLine({ tenant, host, command }: Step) {
  const { title, argv, stdin, stdinOf, redact } = command;
  return {
    title,
    argv,
    ...(stdinOf === undefined ? {} : { stdinOf }),
    ...(tenant === undefined ? {} : { tenant }),
    ...(host === undefined ? {} : { host }),
    ...(stdin === undefined ? {} : { stdin }),
    ...(redact === undefined ? {} : { redact }),
  };
}
