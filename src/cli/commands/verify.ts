/** `bulkhead verify`: facts, checks, attacks from inside every boundary, audits; one report and its exit code. */
import { randomInt } from 'node:crypto';
import { known, unknown, type Known } from '../../core/facts.ts';
import type { SupervisorObserved } from '../../core/host.ts';
import { observeFleet } from '../../observe/observe.ts';
import { reason } from '../../observe/subject.ts';
import { judge } from '../../checks/judge.ts';
import { choosePairs } from '../../probes/pairs.ts';
import { runProbes } from '../../probes/run.ts';
import { unsupervised } from '../../verify/supervised.ts';
import { verify as verifyFleet } from '../../verify/verify.ts';
import { action } from '../action.ts';
import { withDocuments } from '../documents.ts';
import { formatOf, reportAs, type ReportFlags } from '../print-report.ts';
import { attackProgress, progressTo } from '../progress.ts';
import { openSession } from '../session.ts';
import { readGatewayToken } from '../tokens.ts';

interface VerifyFlags extends ReportFlags {
  readonly audit: boolean;
  readonly probes: boolean;
  readonly pairs: number;
  readonly pairsSeed?: number;
}

export const verify = action(async (context, flags: VerifyFlags) => {
  const format = formatOf(flags);
  const session = await openSession(context, flags);
  const { fleet, blueprints, layout, parts } = session;
  const progress = progressTo(context);
  const looks = blueprints.map(async (blueprint): Promise<readonly [string, unknown]> => {
    const host = parts.hostOf(blueprint.host);
    return [blueprint.tenant, await parts.isolationOf(blueprint).observe(blueprint, layout, host, context.signal)];
  });
  const observed = new Map(await Promise.all(looks));
  const supervisor = await parts.supervisor(context.signal);
  // One that hangs must keep nobody from verifying.
  const supervised: Known<SupervisorObserved> = await supervisor.observe(parts.hostOf('local'), layout, context.signal).then(
    (seen) => known(seen, supervisor.kind),
    (error: unknown) => unknown(reason(error, context.signal)),
  );
  const report = await verifyFleet({
    fleet,
    observe: async (signal) => {
      const facts = await observeFleet({
        fleet,
        blueprints,
        layout,
        ...(supervised.known ? { supervisorObserved: supervised.value } : {}),
        signal,
        hostOf: parts.hostOf,
        isolationOf: parts.isolationOf,
        observedOf: ({ tenant }) => observed.get(tenant),
        audits: flags.audit,
        takenAt: context.now().toISOString(),
        onProgress: progress.line,
      });
      return withDocuments(facts, fleet, context.cwd);
    },
    judge: (facts) => [
      ...judge(facts),
      ...unsupervised(
        supervised,
        blueprints.map(({ tenant }) => tenant),
      ),
    ],
    ...(flags.probes
      ? {
          probe: async (facts, signal) => {
            const wish = { tenants: blueprints, trust: facts.trust, most: flags.pairs, seed: flags.pairsSeed ?? randomInt(2 ** 32) };
            const { pairs, coverage } = choosePairs(wish);
            const results = await runProbes({
              blueprints,
              pairs,
              layout,
              facts,
              signal,
              ...attackProgress(progress, coverage),
              hostOf: ({ host }) => parts.hostOf(host),
              isolationOf: parts.isolationOf,
              observedOf: ({ tenant }) => observed.get(tenant),
              tokenOf: (tenant) => readGatewayToken(blueprints, tenant),
            });
            return { results, pairs: coverage };
          },
        }
      : {}),
    threshold: flags.failOn,
    now: () => context.now(),
    signal: context.signal,
  });
  const evidence = session.state.keepVerification(report);
  context.print(reportAs(context, format, { report, fleet, failOn: flags.failOn, more: { evidence } }));
  if (format === 'text') context.print(`Evidence: ${evidence}\n`);
  return report.exitCode;
});
