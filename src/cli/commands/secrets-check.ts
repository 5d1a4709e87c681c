/** `bulkhead secrets check`: asks every source, says what it gave and who would share one. Prints no value, keeps none. */
import type { SecretValues } from '../../apply/secret-values.ts';
import type { Blueprint } from '../../core/blueprint.ts';
import type { Finding } from '../../core/check.ts';
import { EXIT_CODES } from '../../core/error.ts';
import { secretReference, type SecretSource } from '../../core/fleet.ts';
import { secretFiles } from '../../openclaw/secrets.ts';
import { printJson } from '../../report/escape.ts';
import { secretsText, type SecretRow } from '../../report/secrets-text.ts';
import { exitCodeOf } from '../../verify/fold.ts';
import { action } from '../action.ts';
import { askSecrets } from '../ask-secrets.ts';
import type { CommonFlags } from '../flags.ts';
import { judgePlan } from '../judge-plan.ts';
import { openSession, selectTenants } from '../session.ts';

export const secretsCheck = action(async (context, flags: CommonFlags & { readonly identity?: string }, ...tenants: readonly string[]) => {
  const session = await openSession(context, flags);
  const blueprints = selectTenants(session, tenants);
  const secrets = await askSecrets(context, session, flags.identity);
  const rows = blueprints.flatMap((blueprint) => rowsOf(blueprint, secrets));
  const chosen = new Set(blueprints.map(({ tenant }) => tenant));
  const shared = judgePlan(context, session, secrets).findings.filter(
    (finding) => isShared(finding) && finding.tenants.some((one) => chosen.has(one)),
  );
  const exitCode = exitCodeFor(rows, shared);
  if (flags.json) {
    const findings = shared.map(({ id, severity, tenants: sharers, message, evidence, accepted }) => ({
      check: id,
      severity,
      tenants: sharers,
      message,
      evidence,
      ...(accepted === undefined ? {} : { accepted }),
    }));
    context.print(`${printJson({ ok: exitCode === EXIT_CODES.ok, exitCode, secrets: rows, shared: findings })}\n`);
  } else context.print(secretsText(rows, shared, { color: context.color, width: context.width }));
  return exitCode;
});

function rowsOf(blueprint: Blueprint, secrets: SecretValues): readonly SecretRow[] {
  const { tenant, host, apiClients } = blueprint;
  const row = (role: string, source: SecretSource): SecretRow => {
    const reference = secretReference(source);
    const found = secrets.provided.get(reference);
    if (found === undefined) return { tenant, role, reference, state: 'missing', why: secrets.unread.get(reference) ?? 'it was not read' };
    return { tenant, role, reference, state: 'there', strength: found.strength, ...(found.tells === undefined ? {} : { shows: found.tells }) };
  };
  return [
    ...secretFiles(blueprint).map(({ role, file, source }): SecretRow =>
      source === 'generated' ? { tenant, role, reference: `${host}:${file}`, state: 'made' } : row(role, source),
    ),
    ...apiClients.flatMap(({ name, key }) => (key === undefined ? [] : [row(`api-client:${name}`, key)])),
  ];
}

/** What the checks say of two tenants and one credential. */
const ITEMS = new Set(['secrets', 'model-credentials', 'channel-credentials', 'gateway-token']);

function isShared({ verdict, item, tenants, accepted }: Finding): boolean {
  return (verdict === 'fail' || accepted !== undefined) && tenants.length > 1 && ITEMS.has(item);
}

/** What two share before what is not there: the first is wrong, the second not known. */
function exitCodeFor(rows: readonly SecretRow[], shared: readonly Finding[]): number {
  if (exitCodeOf(shared, 'high') === EXIT_CODES.findings) return EXIT_CODES.findings;
  return rows.some(({ state }) => state === 'missing') ? EXIT_CODES.unverified : EXIT_CODES.ok;
}
