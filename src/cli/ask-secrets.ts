/** The secrets of a session, programs and encrypted files asked: for commands that need the values. */
import { dirname, join, resolve } from 'node:path';
import { askSources } from '../apply/ask-sources.ts';
import { resolveSecrets, type SecretValues } from '../apply/secret-values.ts';
import type { CliContext } from './context.ts';
import { progressTo } from './progress.ts';
import type { Session } from './session.ts';

/** Of all tenants: a value that two share is refused whichever of them is asked for. `identity`: as `--identity` gives it. */
export async function askSecrets(context: CliContext, { blueprints, fleet }: Session, identity: string | undefined): Promise<SecretValues> {
  const progress = progressTo(context);
  const asked = await askSources(blueprints, {
    folder: dirname(resolve(context.cwd, fleet.source.path)),
    identity: identityPath(context, identity),
    env: context.env,
    signal: context.signal,
    onProgram: (reference) => progress.line(`ask ${reference}`),
  });
  return resolveSecrets(blueprints, context.env, asked);
}

/** `--identity`, else BULKHEAD_AGE_IDENTITY, else the operator's own place. */
export function identityPath({ cwd, env }: Pick<CliContext, 'cwd' | 'env'>, given: string | undefined): string {
  const named = given ?? env['BULKHEAD_AGE_IDENTITY'];
  if (named !== undefined) return resolve(cwd, named);
  return join(env['XDG_CONFIG_HOME'] ?? join(env['HOME'] ?? cwd, '.config'), 'bulkhead', 'age-identity');
}
