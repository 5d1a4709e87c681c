/** Where things are kept: by the operator, and on each host. */
import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import type { Layout } from '../core/blueprint.ts';
import type { HostId } from '../core/words.ts';
import { installAt, installRoot } from '../openclaw/runtime.ts';
import { OPENCLAW_VERSION } from '../openclaw/version.ts';
import type { CliContext } from './context.ts';
import { makeStateDirectory } from './state-directory.ts';

const ROOT_STATE = '/var/lib/bulkhead';
const DEFAULT_INSTANCE = 'bh';

/** Of the operator's machine. Creates the state directory (0711 as root, so that tenants can pass through to their own tree). */
export function layoutFor(context: CliContext, stateDir: string | undefined): Layout {
  return layoutAt(context, makeStateDirectory(resolve(context.cwd, stateDir ?? defaultStateDir(context)), context.uid === 0 ? 0o711 : 0o700));
}

/** The same where nothing may be made: the state directory need not exist. */
export function layoutToRead(context: CliContext): Layout {
  return layoutAt(context, defaultStateDir(context));
}

function layoutAt(context: CliContext, real: string): Layout {
  const digest = createHash('sha256').update(real).digest('hex').slice(0, 4);
  const instance = real === ROOT_STATE ? DEFAULT_INSTANCE : `${DEFAULT_INSTANCE}${digest}`;
  const runtimes = context.env['BULKHEAD_RUNTIMES'] ?? join(defaultStateDir(context), 'runtime');
  return {
    instance,
    stateDir: real,
    runDir: context.uid === 0 ? `/run/bulkhead/${instance}` : join(real, 'run'),
    tenantsDir: join(real, 'tenants'),
    install: installAt(join(runtimes, `openclaw-${OPENCLAW_VERSION}`)),
  };
}

/**
 * Pure. The layout of each host: another machine is used as its root, in places that carry the instance of the operator's own state directory,
 * so that two of these never meet there. The install is the host's one, whoever brought it.
 */
export function layoutsFrom(own: Layout): (host: HostId) => Layout {
  const stateDir = own.instance === DEFAULT_INSTANCE ? ROOT_STATE : `${ROOT_STATE}-${own.instance.slice(DEFAULT_INSTANCE.length)}`;
  const there: Layout = {
    instance: own.instance,
    stateDir,
    runDir: `/run/bulkhead/${own.instance}`,
    tenantsDir: `${stateDir}/tenants`,
    install: installAt(installRoot(ROOT_STATE)),
  };
  return (host) => (host === 'local' ? own : there);
}

function defaultStateDir(context: CliContext): string {
  if (context.uid === 0) return ROOT_STATE;
  const base = context.env['XDG_STATE_HOME'] ?? join(context.env['HOME'] ?? context.cwd, '.local/state');
  return join(base, 'bulkhead');
}
