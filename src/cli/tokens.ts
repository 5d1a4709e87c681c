/** Reads secrets where they lie, from directories that tenants cannot change; they are kept in memory alone. */
import type { SecretsRequest } from '../apply/read-secrets.ts';
import type { Blueprint } from '../core/blueprint.ts';
import type { TenantId } from '../core/words.ts';
import { runSelfContained } from '../hosts/run-program.ts';
import { sibling } from '../hosts/self-contained.ts';
import { gatewayTokenFile } from '../openclaw/secrets.ts';
import { placed } from './by-host.ts';
import type { Session } from './session.ts';

/** One look at each host. Tenants that are not built, and those of another machine that does not answer, are left out. */
export async function readGatewayTokens(
  session: Pick<Session, 'layoutOf' | 'parts'>,
  blueprints: readonly Blueprint[],
  signal: AbortSignal,
): Promise<ReadonlyMap<TenantId, string>> {
  const looks = placed(session, blueprints).map(async (place): Promise<readonly (readonly [TenantId, string])[]> => {
    try {
      const files = place.blueprints.map(({ paths }) => gatewayTokenFile(paths));
      const found = await readSecretFiles(session, place.blueprints, files, signal);
      return place.blueprints.flatMap(({ tenant, paths }) => {
        const text = found[gatewayTokenFile(paths)];
        return text === undefined ? [] : [[tenant, text.trim()] as const];
      });
    } catch (error) {
      signal.throwIfAborted();
      // That its host does not answer is told by every other look at it.
      if (place.id === 'local') throw error;
      return [];
    }
  });
  return new Map((await Promise.all(looks)).flat());
}

/** By path, those that are there. `blueprints` are tenants of one host. Throws BulkheadError `host`. */
export async function readSecretFiles(
  { parts }: Pick<Session, 'parts'>,
  [first]: readonly Blueprint[],
  files: readonly string[],
  signal: AbortSignal,
): Promise<Readonly<Record<string, string>>> {
  if (first === undefined || files.length === 0) return {};
  const request: SecretsRequest = { files };
  const program = sibling(import.meta.url, '../apply/read-secrets');
  const run = { program, request, node: first.install.node, title: 'read the secret files', redact: true, timeoutMs: 20_000 };
  return await runSelfContained(parts.hostOf(first.host), run, signal);
}
