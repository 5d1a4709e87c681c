/** `bulkhead plan`: judge the manifest, then print the exact commands that apply would run. Changes nothing. */
import { escapeForTerminal, printJson } from '../../report/escape.ts';
import { planNow } from '../../apply/apply-fleet.ts';
import { NOT_ASKED, resolveSecrets } from '../../apply/secret-values.ts';
import { EXIT_CODES } from '../../core/error.ts';
import type { Step } from '../../core/plan.ts';
import { planText } from '../../report/plan-text.ts';
import { reportJson } from '../../report/json.ts';
import { printReport } from '../../report/terminal.ts';
import { action } from '../action.ts';
import { applyInput } from '../apply-input.ts';
import { judgePlan } from '../judge-plan.ts';
import { formatOf, reportAs, type ReportFlags } from '../print-report.ts';
import { openSession, quarantineNotes, selectTenants } from '../session.ts';

export const plan = action(async (context, flags: ReportFlags, ...tenants: readonly string[]) => {
  const format = formatOf(flags);
  const session = await openSession(context, flags);
  const blueprints = selectTenants(session, tenants);
  const secrets = resolveSecrets(session.blueprints, context.env);
  const report = judgePlan(context, session, secrets, flags.failOn);
  const refused = report.exitCode !== EXIT_CODES.ok;
  // A refused manifest is looked at no further: no port, no path, no command.
  const planned = refused ? { steps: [], later: [] } : await planNow(await applyInput(context, session, blueprints, secrets), context.signal);
  const missing = secrets.missing.map(({ reference, tenant, role, why }) => ({ reference, tenant, role, why }));
  if (format === 'sarif' || format === 'junit') {
    context.print(reportAs(context, format, { report, fleet: session.fleet, failOn: flags.failOn }));
    return report.exitCode;
  }
  if (format === 'json') {
    const document = {
      ok: !refused,
      exitCode: report.exitCode,
      commands: planned.steps.map(stepJson),
      later: planned.later,
      missingSecrets: missing,
      quarantined: blueprints.filter(({ tenant }) => session.quarantined.has(tenant)).map(({ tenant }) => tenant),
      report: reportJson(report),
    };
    context.print(`${printJson(document)}\n`);
    return report.exitCode;
  }
  context.note(quarantineNotes(session, blueprints));
  if (refused) {
    context.print(printReport(report, { color: context.color, width: context.width }));
    return report.exitCode;
  }
  context.print(planText(planned.steps.map(planLine), { color: context.color, width: context.width }));
  if (planned.later.length > 0)
    context.print(`\nThen, once these have run (bulkhead apply prints each as it comes):\n${planned.later.map((one) => `  ${one}\n`).join('')}`);
  if (planned.steps.length === 0 && planned.later.length === 0) context.print('Nothing to do: the host is as declared.\n');
  for (const { reference, tenant, role, why } of missing) {
    const how = why === NOT_ASKED ? 'is not asked by plan; apply asks it' : 'is not provided here; apply needs it';
    context.note(`! ${escapeForTerminal(`${tenant}: ${reference} (${role}) ${how}`)}\n`);
  }
  return report.exitCode;
});

function planLine({ tenant, command }: Step) {
  const { title, argv, stdin, redact } = command;
  return {
    title,
    argv,
    ...(tenant === undefined ? {} : { tenant }),
    ...(stdin === undefined ? {} : { stdin }),
    ...(redact === undefined ? {} : { redact }),
  };
}

/** `stdin` is shown only where it holds no secret. */
function stepJson({ id, stage, tenant, command }: Step) {
  const { title, argv, stdin, redact } = command;
  const input = stdin === undefined ? {} : { stdin: redact === true ? '(secret)' : stdin };
  return { id, stage, ...(tenant === undefined ? {} : { tenant }), title, argv, ...input };
}
