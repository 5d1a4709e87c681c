/** OpenClaw's own audit of every tenant: 11 to 15 seconds of processor time each, so it is apart from what is looked at every time. */
import type { Blueprint } from '../core/blueprint.ts';
import type { AuditView } from '../core/facts.ts';
import type { TenantId } from '../core/words.ts';
import { inTurnOnEach } from './in-turn.ts';
import { runAudit } from './live.ts';
import { subjectOf, type SubjectInput } from './subject.ts';

export interface AuditInput extends SubjectInput {
  readonly blueprints: readonly Blueprint[];
}

/** Runs `openclaw security audit` inside each boundary, two at a time. Rejects only when it is aborted. */
export async function auditFleet(input: AuditInput): Promise<ReadonlyMap<TenantId, AuditView>> {
  return new Map(
    await inTurnOnEach(input.blueprints, 2, async (blueprint) => [blueprint.tenant, await runAudit(await subjectOf(input, blueprint))] as const),
  );
}
