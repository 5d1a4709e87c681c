/** `bulkhead rotate TENANT WHAT`: new secrets in, the old gateway token proven dead, the others proven untouched. Holds the lease, keeps receipts. */
import { newSecrets, type NewSecrets } from '../../apply/new-secrets.ts';
import { compareOthers, newKey, seenOf, type Untouched } from '../../apply/other-tenants.ts';
import { rotateSecret, type Rotated } from '../../apply/rotate.ts';
import { resolveSecrets } from '../../apply/secret-values.ts';
import type { Blueprint } from '../../core/blueprint.ts';
import { BulkheadError, EXIT_CODES } from '../../core/error.ts';
import { observeHolds } from '../../observe/gateways.ts';
import { GATEWAY_TOKEN_ROLE, secretFiles } from '../../openclaw/secrets.ts';
import { printJson } from '../../report/escape.ts';
import { rotationText } from '../../report/rotation-text.ts';
import { action } from '../action.ts';
import { askSecrets } from '../ask-secrets.ts';
import type { CliContext } from '../context.ts';
import type { CommonFlags } from '../flags.ts';
import { judgePlan, refused } from '../judge-plan.ts';
import { withBoth } from '../lease.ts';
import { progressTo } from '../progress.ts';
import { recordedRun } from '../recorded-run.ts';
import { openSession, theTenant, type Session } from '../session.ts';
import { readGatewayTokens } from '../tokens.ts';

export interface RotateFlags extends CommonFlags {
  readonly dryRun: boolean;
  readonly identity?: string;
}

export const rotate = action(async (context, flags: RotateFlags, name: string, ...what: readonly string[]) => {
  const session = await openSession(context, flags);
  const blueprint = theTenant(session, name);
  if (session.quarantined.has(name) && what[0] === 'channel')
    throw new BulkheadError(
      'usage',
      `${name} is in quarantine: its channels are off, and take their new secrets when it is released`,
      `when it is safe: bulkhead release ${name}`,
    );
  const roles = rolesOf(blueprint, what);
  // A token that is made at random collides with nobody's: in an incident it must wait neither for a manifest that is in order nor for a vault.
  const isGiven = roles.some((role) => role !== GATEWAY_TOKEN_ROLE);
  const secrets = isGiven ? await askSecrets(context, session, flags.identity) : resolveSecrets(session.blueprints, context.env);
  if (isGiven) {
    const report = judgePlan(context, session, secrets);
    if (report.exitCode !== EXIT_CODES.ok) return refused(context, flags, report);
  }
  const host = session.parts.hostOf(blueprint.host);
  const found = await newSecrets({ blueprint, host, secrets, roles }, context.signal);
  if (found.fresh.length === 0) throw nothingNew(name, found);
  const holders = holdersOf(blueprint, found);
  if (flags.dryRun) {
    const would = { tenant: name, wouldRotate: found.fresh.map(({ role }) => role), stale: found.stale, holders };
    if (flags.json) context.print(`${printJson({ ok: true, exitCode: 0, dryRun: true, ...would })}\n`);
    else context.print(rotationText({ tenant: name, dryRun: true, rotated: [], would: would.wouldRotate, stale: found.stale, holders, others: [] }));
    return EXIT_CODES.ok;
  }
  const { rotated, others, runId } = await withBoth(
    context,
    session,
    { host: blueprint.host, command: 'rotate' },
    async () => await rotateAll(context, session, blueprint, found),
  );
  const doubts = found.stale.length > 0 || others.some(({ changed }) => changed.length > 0) || rotated.some(({ proof }) => proof.length === 0);
  const exitCode = doubts ? EXIT_CODES.unverified : EXIT_CODES.ok;
  const result = { tenant: name, rotated, stale: found.stale, holders, others };
  if (flags.json) context.print(`${printJson({ ok: exitCode === 0, exitCode, runId, ...result })}\n`);
  else context.print(rotationText({ ...result, dryRun: false, would: [] }));
  return exitCode;
});

/** `gateway-token`, `channel telegram`, `model anthropic`, `all`. */
function rolesOf(blueprint: Blueprint, what: readonly string[]): readonly string[] {
  const [kind = '', id, ...more] = what;
  if (more.length === 0 && kind === 'all' && id === undefined) return secretFiles(blueprint).map(({ role }) => role);
  if (more.length === 0 && kind === GATEWAY_TOKEN_ROLE && id === undefined) return [kind];
  const roles = secretFiles(blueprint).map(({ role }) => role);
  // A channel may have several secrets: they are one identity, and change together.
  const meant = roles.filter((role) => (kind === 'channel' || kind === 'model') && `${role}:`.startsWith(`${kind}:${id ?? ''}:`));
  if (more.length === 0 && meant.length > 0) return meant;
  const known = [...new Set(roles.map((role) => role.split(':').slice(0, 2).join(' ')))];
  throw new BulkheadError('usage', `${what.join(' ')} is nothing that can be rotated`, `of ${blueprint.tenant}: ${known.join(', ')}, all`);
}

function nothingNew(tenant: string, { stale }: NewSecrets): BulkheadError {
  const list = stale.map(({ role, reference }) => `${role} from ${reference}`).join(', ');
  const [first] = stale;
  return new BulkheadError(
    'apply',
    `${tenant}: there is no new value: ${list} ${stale.length === 1 ? 'is' : 'are'} what it has already; nothing was changed`,
    `have the provider make a new one (bulkhead revoke ${tenant} says where), put it into ${first?.reference ?? 'its source'}, then run the same command again`,
  );
}

/** Programs that were given the token which dies. */
function holdersOf({ apiClients }: Blueprint, { fresh }: NewSecrets): readonly Holder[] {
  if (!fresh.some(({ role }) => role === GATEWAY_TOKEN_ROLE)) return [];
  return apiClients.map(({ name, kind, envFiles, keyWithUsers }) => ({ name, kind, files: envFiles, withUsers: keyWithUsers }));
}

export interface Holder {
  readonly name: string;
  readonly kind: string;
  readonly files: readonly string[];
  readonly withUsers: boolean;
}

interface Outcome {
  readonly runId: string;
  readonly rotated: readonly Rotated[];
  readonly others: readonly Untouched[];
}

/** The gateway token last: whatever is rotated before it is asked for with the one that the gateway knows. */
async function rotateAll(context: CliContext, session: Session, blueprint: Blueprint, { fresh }: NewSecrets): Promise<Outcome> {
  const { layoutOf, parts, blueprints } = session;
  const layout = layoutOf(blueprint.host);
  const { signal } = context;
  const host = parts.hostOf(blueprint.host);
  const isolation = parts.isolationOf(blueprint);
  // Nothing is run on another machine, so nothing changes there.
  const here = blueprints.filter((one) => one.host === blueprint.host);
  const holds = () => observeHolds({ blueprints: here, layout, host, isolationOf: parts.isolationOf, signal });
  const others = here.filter(({ tenant }) => tenant !== blueprint.tenant);
  const key = newKey();
  const look = async () => {
    const holdOf = await holds();
    return await seenOf({ host, others, key }, (tenant) => holdOf(tenant).process, signal);
  };
  const before = await look();
  const progress = progressTo(context);
  const run = recordedRun(context, session, progress);
  const input = {
    blueprint,
    layout,
    isolation,
    host,
    supervisor: await parts.supervisorOf(blueprint.host, signal),
    observed: await isolation.observe(blueprint, layout, host, signal),
    hold: async () => (await holds())(blueprint.tenant),
  };
  const rotated: Rotated[] = [];
  for (const secret of fresh.toSorted((one) => (one.role === GATEWAY_TOKEN_ROLE ? 1 : -1))) {
    const old = secret.role === GATEWAY_TOKEN_ROLE ? (await readGatewayTokens(session, [blueprint], signal)).get(blueprint.tenant) : undefined;
    rotated.push(await rotateSecret(input, { ...secret, ...(old === undefined ? {} : { old }) }, run, signal));
  }
  progress.line('look whether the others are as they were');
  return { runId: run.runId, rotated, others: compareOthers(before, await look()) };
}
