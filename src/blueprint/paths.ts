/** Where everything of a tenant lies. */
import type { Layout, TenantPaths } from '../core/blueprint.ts';
import type { Tenant } from '../core/fleet.ts';

/** Credentials, agent and browser folders are OpenClaw's own (openclaw 2026.9.6), below its state directory. */
export function tenantPaths(tenant: Pick<Tenant, 'id' | 'backup'>, layout: Layout): TenantPaths {
  const root = `${layout.tenantsDir}/${tenant.id}`;
  const state = `${root}/state`;
  return {
    root,
    home: `${root}/home`,
    state,
    configDir: `${root}/config`,
    configFile: `${root}/config/openclaw.json`,
    workspace: `${root}/workspace`,
    tmp: `${root}/tmp`,
    logFile: `${state}/logs/gateway.log`,
    compileCache: `${root}/compile-cache`,
    credentials: `${state}/credentials`,
    agentDir: `${state}/agents/main/agent`,
    browserData: `${state}/browser/openclaw/user-data`,
    secretsDir: `${layout.stateDir}/secrets/${tenant.id}`,
    ...(tenant.backup === undefined ? {} : { backup: tenant.backup.to }),
  };
}
