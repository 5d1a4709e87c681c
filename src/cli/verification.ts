/** A verification of a session's fleet, put together from the concrete parts. */
import { randomInt } from 'node:crypto';
import { judge } from '../checks/judge.ts';
import { known, unknown, type Known } from '../core/facts.ts';
import type { SupervisorObserved } from '../core/host.ts';
import { auditFleet } from '../observe/audits.ts';
import { observeFleet } from '../observe/observe.ts';
import { reason } from '../observe/subject.ts';
import { choosePairs } from '../probes/pairs.ts';
import { runProbes } from '../probes/run.ts';
import type { Earlier } from '../verify/reuse.ts';
import { unsupervised } from '../verify/supervised.ts';
import type { Verification } from '../verify/verify.ts';
import type { Severity } from '../core/words.ts';
import type { CliContext } from './context.ts';
import { withDocuments } from './documents.ts';
import { attackProgress, type Progress } from './progress.ts';
import type { Session } from './session.ts';
import { readGatewayToken } from './tokens.ts';
import { packageVersion } from './version.ts';

export interface VerificationFlags {
  readonly audit: boolean;
  readonly probes: boolean;
  readonly pairs: number;
  readonly pairsSeed?: number;
  readonly liftPolicy: boolean;
  readonly failOn: Severity;
}

/** Looks at every boundary once, so that facts, audits and attacks speak of the same one. Throws when a host cannot be used. */
export async function verificationOf(context: CliContext, session: Session, flags: VerificationFlags, progress: Progress): Promise<Verification> {
  const { fleet, blueprints, layout, parts } = session;
  const { signal } = context;
  const looks = blueprints.map(async (blueprint): Promise<readonly [string, unknown]> => {
    const host = parts.hostOf(blueprint.host);
    return [blueprint.tenant, await parts.isolationOf(blueprint).observe(blueprint, layout, host, signal)];
  });
  const observed = new Map(await Promise.all(looks));
  const supervisor = await parts.supervisor(signal);
  // One that hangs must keep nobody from verifying.
  const supervised: Known<SupervisorObserved> = await supervisor.observe(parts.hostOf('local'), layout, signal).then(
    (seen) => known(seen, supervisor.kind),
    (error: unknown) => unknown(reason(error, signal)),
  );
  const subjects = {
    blueprints,
    layout,
    hostOf: parts.hostOf,
    isolationOf: parts.isolationOf,
    observedOf: ({ tenant }: { readonly tenant: string }) => observed.get(tenant),
  };
  return {
    fleet,
    version: packageVersion(),
    observe: async () => {
      const takenAt = context.now().toISOString();
      const facts = await observeFleet({
        ...subjects,
        fleet,
        ...(supervised.known ? { supervisorObserved: supervised.value } : {}),
        signal,
        takenAt,
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
    ...(flags.audit
      ? {
          audit: async () => {
            progress.line(`audit ${blueprints.length} tenants from inside`);
            return await auditFleet({ ...subjects, signal });
          },
        }
      : {}),
    ...(flags.probes
      ? {
          probe: async (facts) => {
            const wish = { tenants: blueprints, trust: facts.trust, most: flags.pairs, seed: flags.pairsSeed ?? randomInt(2 ** 32) };
            const { pairs, coverage } = choosePairs(wish);
            const tokenOf = (tenant: string): string | undefined => readGatewayToken(blueprints, tenant);
            const hostOf = ({ host }: (typeof blueprints)[number]): ReturnType<typeof parts.hostOf> => parts.hostOf(host);
            const probes = await runProbes({
              ...subjects,
              ...attackProgress(progress, coverage),
              hostOf,
              pairs,
              facts,
              signal,
              tokenOf,
              liftPolicy: flags.liftPolicy,
            });
            return { probes, pairs: coverage };
          },
        }
      : {}),
    threshold: flags.failOn,
    now: () => context.now(),
    signal,
  };
}

/** The latest verification of the session's fleet, as evidence that may stand for new attacks. */
export function earlierOf({ state, fleet }: Pick<Session, 'state' | 'fleet'>): Earlier | undefined {
  const kept = state.latestVerificationOf(fleet.name);
  return kept === undefined ? undefined : { evidence: kept.sha256, sound: kept.sound, report: kept.report };
}
