/** `bulkhead revoke TENANT`: exactly this tenant's identities. What Bulkhead can kill itself it kills with `--yes`; the rest is a checklist. */
import { randomUUID } from 'node:crypto';
import { runStep } from '../../apply/run-plan.ts';
import { resolveSecrets, type SecretValues } from '../../apply/secret-values.ts';
import { desiredFacts } from '../../blueprint/desired-facts.ts';
import type { Blueprint } from '../../core/blueprint.ts';
import { EXIT_CODES } from '../../core/error.ts';
import { known, unknown, type Known, type TenantFacts } from '../../core/facts.ts';
import { secretReference } from '../../core/fleet.ts';
import { parseResult, selfContainedProgram } from '../../hosts/run-program.ts';
import { sibling } from '../../hosts/self-contained.ts';
import { observeHolds } from '../../observe/gateways.ts';
import { observeFleet } from '../../observe/observe.ts';
import type { Answer } from '../../openclaw/gateway-connection.ts';
import type { IdentitiesRequest, IdentitiesSeen } from '../../openclaw/gateway-identities.ts';
import { gatewayTokenFile, secretFiles } from '../../openclaw/secrets.ts';
import { printJson } from '../../report/escape.ts';
import { revocationOf, type Revocation } from '../../report/revocation.ts';
import { isEnded, revocationText } from '../../report/revocation-text.ts';
import { action } from '../action.ts';
import type { CliContext } from '../context.ts';
import type { CommonFlags } from '../flags.ts';
import { withLease } from '../lease.ts';
import { progressTo } from '../progress.ts';
import { blueprintsWith, openSession, theTenant, type Session } from '../session.ts';
import { readSecretFiles } from '../tokens.ts';

export const revoke = action(async (context, flags: CommonFlags & { readonly yes: boolean }, name: string) => {
  const session = await openSession(context, flags);
  const blueprint = theTenant(session, name);
  const progress = progressTo(context);
  progress.line(`look for the identities of ${name}`);
  const revocation = await revocationFor(context, session, name);
  // First whoever holds the token is shut out, so that nobody pairs a device anew meanwhile.
  const rotated = flags.yes
    ? (await context.invoke(['rotate', name, 'gateway-token', '--json', ...sameFlags(flags)])).exitCode === EXIT_CODES.ok
    : undefined;
  const ask = async (): Promise<Known<IdentitiesSeen>> => await askGateway(context, session, blueprint, flags.yes);
  if (flags.yes) progress.line(`end the devices, nodes and sessions of ${name}`);
  const gateway = flags.yes ? await withLease(context, session, 'revoke', ask) : await ask();
  const done = revocation.unseen.length === 0 && gateway.known && (!flags.yes || (rotated === true && isEnded(gateway.value)));
  const exitCode = done ? EXIT_CODES.ok : EXIT_CODES.unverified;
  const said = gateway.known ? { gateway: gateway.value } : { gatewayUnseen: gateway.why };
  const document = { ...revocation, ...said, ...(rotated === undefined ? {} : { tokenRotated: rotated }) };
  if (flags.json) context.print(`${printJson({ ok: done, exitCode, ...document })}\n`);
  else context.print(revocationText(document, { ended: flags.yes }));
  return exitCode;
});

function sameFlags({ file, stateDir }: CommonFlags): readonly string[] {
  return [...(file === undefined ? [] : ['-f', file]), ...(stateDir === undefined ? [] : ['--state-dir', stateDir])];
}

/** By the manifest, whether or not the tenant is in quarantine, and by what lies in its tree. Only this tenant is looked at. */
async function revocationFor(context: CliContext, session: Session, name: string): Promise<Revocation> {
  const { fleet, layoutOf, parts } = session;
  const takenAt = context.now().toISOString();
  const current = theTenant(session, name);
  const declared = theTenant(
    {
      ...session,
      blueprints: blueprintsWith(
        session,
        [...session.quarantined.keys()].filter((one) => one !== name),
      ),
    },
    name,
  );
  const secrets = resolveSecrets([declared], context.env);
  const { masker } = secrets;
  const wanted = desiredFacts({ fleet, blueprints: [declared], provided: await providedOr(context, session, declared, secrets), masker, takenAt });
  const observed = await observeFleet({
    fleet,
    blueprints: [current],
    layoutOf,
    hostOf: parts.hostOf,
    isolationOf: parts.isolationOf,
    signal: context.signal,
    takenAt,
  });
  const ownFiles = new Set(secretFiles(declared).map(({ file }) => `file:${file}`));
  const clients = declared.apiClients.map(({ name: client, kind, keyWithUsers }) => ({ name: client, kind, withUsers: keyWithUsers }));
  return revocationOf({ declared: only(wanted.tenants), observed: only(observed.tenants), ownFiles, clients });
}

function only(tenants: readonly TenantFacts[]): TenantFacts {
  const [tenant] = tenants;
  if (tenant === undefined || tenants.length > 1) throw new Error('exactly one tenant was to be looked at');
  return tenant;
}

/** What the manifest's source does not give here may still lie where Bulkhead put it, in a directory that tenants cannot change. */
async function providedOr(
  context: CliContext,
  session: Session,
  blueprint: Blueprint,
  { provided, masker }: SecretValues,
): Promise<SecretValues['provided']> {
  const all = new Map(provided);
  const wanted = secretFiles(blueprint).flatMap(({ file, source }) =>
    source === 'generated' || all.has(secretReference(source)) ? [] : [{ file, reference: secretReference(source) }],
  );
  const files = wanted.map(({ file }) => file);
  const found = await readSecretFiles(session, [blueprint], files, context.signal);
  for (const { file, reference } of wanted) {
    const text = found[file];
    if (text !== undefined) all.set(reference, masker.text(text));
  }
  return all;
}

/** The token goes only to a listener of the tenant's own. */
async function askGateway(
  context: CliContext,
  { layoutOf, parts, state }: Session,
  blueprint: Blueprint,
  end: boolean,
): Promise<Known<IdentitiesSeen>> {
  const { signal } = context;
  const host = parts.hostOf(blueprint.host);
  const holdOf = await observeHolds({ blueprints: [blueprint], layout: layoutOf(blueprint.host), host, isolationOf: parts.isolationOf, signal });
  const gate = holdOf(blueprint.tenant).mayHoldToken;
  if (!gate.known) return gate;
  const request: IdentitiesRequest = { port: blueprint.publishedPort, tokenFile: gatewayTokenFile(blueprint.paths), end };
  const program = sibling(import.meta.url, '../../openclaw/gateway-identities');
  const title = `${end ? 'end' : 'look for'} the devices, nodes and sessions of ${blueprint.tenant}`;
  const run = selfContainedProgram({ program, request, node: blueprint.install.node, title, timeoutMs: 150_000 });
  const id = `${blueprint.tenant}/revoke/1`;
  const receipts = {
    runId: randomUUID(),
    hostOf: () => host,
    keep: state.keepReceipt.bind(state),
    onStep: () => undefined,
    now: () => context.now(),
  };
  // A look leaves no receipt; what ends something does.
  const result = end
    ? await runStep(receipts, { id, stage: 'service', tenant: blueprint.tenant, command: run }, signal)
    : await host.run(run, signal);
  const answer = parseResult<Answer<IdentitiesSeen>>(result, title, host.id);
  return answer.ok ? known(answer.value, 'its own WebSocket') : unknown(answer.why);
}
