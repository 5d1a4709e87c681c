/** `bulkhead apply`: build what the manifest declares. Holds the lease, keeps a receipt per step. */
import { printJson } from '../../report/escape.ts';
import { applyFleet } from '../../apply/apply-fleet.ts';
import type { Blueprint } from '../../core/blueprint.ts';
import { EXIT_CODES } from '../../core/error.ts';
import type { VerifyReport } from '../../core/report.ts';
import { action } from '../action.ts';
import { refuseBesideCells } from '../adopted-cells.ts';
import { applyInput, placesToApply } from '../apply-input.ts';
import { askSecrets } from '../ask-secrets.ts';
import { onEach } from '../by-host.ts';
import type { CliContext } from '../context.ts';
import type { CommonFlags } from '../flags.ts';
import { judgePlan, refused, refuseMissing } from '../judge-plan.ts';
import { withHost, withLease } from '../lease.ts';
import { progressTo } from '../progress.ts';
import { recordedRun } from '../recorded-run.ts';
import { openSession, quarantineNotes, selectTenants, type Session } from '../session.ts';

export const apply = action(async (context, flags: CommonFlags & { readonly identity?: string }, ...tenants: readonly string[]) => {
  const session = await openSession(context, flags);
  const built = await build(context, session, selectTenants(session, tenants), flags.identity);
  if (!built.ok) return refused(context, flags, built.report);
  const { runId, steps, seconds } = built;
  if (flags.json) context.print(`${printJson({ ok: true, exitCode: 0, runId, steps, seconds })}\n`);
  else
    context.print(
      steps === 0 ? 'Nothing to do: all is as declared.\n' : `Applied ${steps} steps in ${seconds.toFixed(1)} s. Next: bulkhead verify\n`,
    );
  return EXIT_CODES.ok;
});

type Built =
  | { readonly ok: true; readonly runId: string; readonly steps: number; readonly seconds: number }
  | { readonly ok: false; readonly report: VerifyReport };

/** Brings these tenants to what is declared, unless the declaration is refused. */
export async function build(context: CliContext, session: Session, blueprints: readonly Blueprint[], identity?: string): Promise<Built> {
  const secrets = await askSecrets(context, session, identity);
  const report = judgePlan(context, session, secrets);
  if (report.exitCode !== EXIT_CODES.ok) return { ok: false, report };
  refuseMissing(secrets, blueprints);
  await refuseBesideCells(context, session, blueprints);
  context.note(quarantineNotes(session, blueprints));
  const run = recordedRun(context, session, progressTo(context));
  const started = context.now().getTime();
  const steps = await withLease(context, session, 'apply', async () => {
    const leased = session.blueprints.filter(({ tenant }) => !session.guessed.has(tenant));
    session.state.savePortLeases(new Map(leased.map(({ tenant, host, ports }) => [tenant, { ...ports, host }])));
    const applied = await onEach(placesToApply(session, blueprints), (place) =>
      withHost(context, session, { place, command: 'apply' }, async () => {
        const input = await applyInput(context, session, place, secrets);
        return await applyFleet({ ...input, ...run }, context.signal);
      }),
    );
    return applied.reduce((sum, one) => sum + one.steps, 0);
  });
  return { ok: true, runId: run.runId, steps, seconds: (context.now().getTime() - started) / 1000 };
}
