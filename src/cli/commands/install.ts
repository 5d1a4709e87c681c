/** `bulkhead install`: the OpenClaw and Node that all tenants of this host run. */
import { printJson } from '../../report/escape.ts';
import { randomUUID } from 'node:crypto';
import { installCommands } from '../../apply/install.ts';
import { runPlan } from '../../apply/run-plan.ts';
import { BulkheadError, EXIT_CODES } from '../../core/error.ts';
import { localHost } from '../../hosts/local.ts';
import { DECLARED } from '../../openclaw/channels/index.ts';
import { planFleet } from '../../plan/plan-fleet.ts';
import { action } from '../action.ts';
import { progressTo, tellSteps } from '../progress.ts';
import { layoutFor } from '../layouts.ts';

export const install = action(
  async (context, flags: { readonly stateDir?: string; readonly channel?: readonly string[]; readonly json: boolean }) => {
    const layout = layoutFor(context, flags.stateDir);
    const host = localHost();
    const channels = (flags.channel ?? []).map((kind) => ({ kind: knownChannel(kind) }));
    const commands = await installCommands({ install: layout.install, channels }, host, context.signal);
    const progress = progressTo(context);
    await runPlan(
      {
        plan: planFleet({ install: commands, supervisor: [], tenants: [] }),
        runId: randomUUID(),
        hostOf: () => host,
        keep: () => undefined,
        onStep: tellSteps(progress),
        now: () => context.now(),
      },
      context.signal,
    );
    if (flags.json) context.print(`${printJson({ ok: true, exitCode: 0, install: layout.install, steps: commands.length })}\n`);
    else
      context.print(
        commands.length === 0
          ? `OpenClaw ${layout.install.version} is in ${layout.install.root}.\n`
          : `Installed OpenClaw ${layout.install.version} in ${layout.install.root}.\n`,
      );
    return EXIT_CODES.ok;
  },
);

/** Throws BulkheadError `usage`. */
function knownChannel(kind: string): string {
  if (DECLARED.has(kind)) return kind;
  throw new BulkheadError('usage', `there is no channel ${kind}`, `known: ${[...DECLARED.keys()].join(', ')}`);
}
