/** A verification of a session's fleet, put together from the concrete parts. */
import { randomInt } from 'node:crypto';
import { judge } from '../checks/judge.ts';
import { known, unknown, type Known } from '../core/facts.ts';
import type { Blueprint } from '../core/blueprint.ts';
import { BulkheadError } from '../core/error.ts';
import type { SupervisorObserved } from '../core/host.ts';
import { auditFleet } from '../observe/audits.ts';
import { observeFleet } from '../observe/observe.ts';
import { reason } from '../observe/subject.ts';
import { choosePairs } from '../probes/pairs.ts';
import { runProbes } from '../probes/run.ts';
import type { Earlier } from '../verify/reuse.ts';
import { besideCell } from '../verify/beside-cell.ts';
import { unsupervised } from '../verify/supervised.ts';
import type { Verification } from '../verify/verify.ts';
import type { HostId, Severity, TenantId } from '../core/words.ts';
import { cellsBeside } from './adopted-cells.ts';
import { placed } from './by-host.ts';
import type { CliContext } from './context.ts';
import { withDocuments } from './documents.ts';
import { attackProgress, type Progress } from './progress.ts';
import type { Session } from './session.ts';
import { readGatewayTokens } from './tokens.ts';
import { packageVersion } from './version.ts';

export interface VerificationFlags {
  readonly audit: boolean;
  readonly probes: boolean;
  readonly pairs: number;
  readonly pairsSeed?: number;
  readonly liftPolicy: boolean;
  readonly failOn: Severity;
}

/** Looks at every boundary once, so that facts, audits and attacks speak of the same one. A host that cannot be used makes its tenants unknown. */
export async function verificationOf(context: CliContext, session: Session, flags: VerificationFlags, progress: Progress): Promise<Verification> {
  const { fleet, blueprints, layoutOf, parts } = session;
  const { signal } = context;
  const places = placed(session, blueprints);
  const [observed, cells, supervised] = await Promise.all([
    lookAtEach(session, signal),
    cellsBeside(context, session, blueprints),
    Promise.all(places.map(async ({ id }) => [id, await superviseOn(session, id, signal)] as const)),
  ]);
  const supervisors = new Map(supervised);
  const subjects = {
    blueprints,
    layoutOf,
    hostOf: parts.hostOf,
    isolationOf: parts.isolationOf,
    observedOf: ({ tenant }: { readonly tenant: string }) => {
      const seen = observed.get(tenant);
      // It is told for each of its tenants, and not tried again.
      if (seen?.ok === false) throw seen.error;
      return seen?.value;
    },
  };
  return {
    fleet,
    version: packageVersion(),
    observe: async () => {
      const takenAt = context.now().toISOString();
      const facts = await observeFleet({
        ...subjects,
        fleet,
        serviceOf: ({ host, serviceName }) => {
          const seen = supervisors.get(host);
          return seen?.known === true ? seen.value.services.get(serviceName)?.status : undefined;
        },
        signal,
        takenAt,
        onProgress: progress.line,
      });
      return withDocuments(facts, fleet, context.cwd);
    },
    judge: (facts) => [
      ...judge(facts),
      ...cells.flatMap(besideCell),
      ...places.flatMap((place) =>
        unsupervised(
          supervisors.get(place.id) ?? unknown('it was not asked'),
          place.blueprints.map(({ tenant }) => tenant),
        ),
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
            const tokens = await readGatewayTokens(session, blueprints, signal);
            const tokenOf = (tenant: string): string | undefined => tokens.get(tenant);
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

type Look = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: unknown };

async function lookAtEach({ blueprints, layoutOf, parts }: Session, signal: AbortSignal): Promise<ReadonlyMap<TenantId, Look>> {
  const look = async (blueprint: Blueprint): Promise<Look> => {
    try {
      const host = parts.hostOf(blueprint.host);
      return { ok: true, value: await parts.isolationOf(blueprint).observe(blueprint, layoutOf(blueprint.host), host, signal) };
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof BulkheadError)) throw error;
      return { ok: false, error };
    }
  };
  return new Map(await Promise.all(blueprints.map(async (blueprint) => [blueprint.tenant, await look(blueprint)] as const)));
}

/** One that hangs must keep nobody from verifying. */
async function superviseOn({ layoutOf, parts }: Session, id: HostId, signal: AbortSignal): Promise<Known<SupervisorObserved>> {
  try {
    const supervisor = await parts.supervisorOf(id, signal);
    return known(await supervisor.observe(parts.hostOf(id), layoutOf(id), signal), supervisor.kind);
  } catch (error) {
    return unknown(reason(error, signal));
  }
}

/** The latest verification of the session's fleet, as evidence that may stand for new attacks. */
export function earlierOf({ state, fleet }: Pick<Session, 'state' | 'fleet'>): Earlier | undefined {
  const kept = state.latestVerificationOf(fleet.name);
  return kept === undefined ? undefined : { evidence: kept.sha256, sound: kept.sound, report: kept.report };
}
