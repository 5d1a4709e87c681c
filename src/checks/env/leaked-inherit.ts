/** A gateway inherited variables that are not its own. */
import { defineCheck } from '../../core/check.ts';
import type { Facts, TenantFacts } from '../../core/facts.ts';
import type { HostId, TenantId } from '../../core/words.ts';
import { pathsOf, upwards } from '../join.ts';

const PATHS = /^(?:HOME|TMPDIR|OPENCLAW_[A-Z_]*(?:HOME|DIR|PATH)|CODEX_HOME|CLAUDE_CONFIG_DIR)$/;

type Owners = ReadonlyMap<HostId, ReadonlyMap<string, TenantId>>;

/** Real path → the one tenant that has it; a place of several is told by the check of that place. */
function ownersOf({ tenants }: Facts): Owners {
  const owners = new Map<HostId, Map<string, TenantId>>();
  for (const tenant of tenants) {
    const here = owners.get(tenant.host) ?? new Map<string, TenantId>();
    owners.set(tenant.host, here);
    for (const { real } of pathsOf(tenant)) if (!here.has(real)) here.set(real, tenant.tenant);
  }
  return owners;
}

function ownerOf(owners: Owners, facts: TenantFacts, name: string, value: string): TenantId | undefined {
  const { tenant, host, declared } = facts;
  if (!PATHS.test(name)) return undefined;
  // What is declared so is the business of the checks of that place.
  if (value === declared.configPath || value === declared.stateDir) return undefined;
  const own = new Set(pathsOf(facts).map(({ real }) => real));
  for (const above of upwards(value.replace(/\/+$/, ''))) {
    if (own.has(above)) return undefined;
    const owner = owners.get(host)?.get(above);
    if (owner !== undefined) return owner === tenant ? undefined : owner;
  }
  return undefined;
}

export const check = defineCheck({
  id: 'env.leaked-inherit',
  title: 'A gateway runs with variables that are not its own',
  why: 'A path, token or provider key of somebody else is used as if it were the tenant\u2019s; nothing in its config says so.',
  fix: 'Start the gateway from an empty environment: env -i, or a unit with nothing but its own Environment=.',
  how: 'Variables of the running process are compared with the declared ones, with paths of other tenants and with their secrets.',
  source: 'openclaw 2026.9.6 docs/help/environment.md (Provider credentials); proc(5) (/proc/pid/environ)',
  severity: { team: 'high', clients: 'critical', adversarial: 'critical' },
  needs: ['environment'],
  phases: ['observed'],
  item: 'state-directory',
  *judge(facts) {
    const owners = ownersOf(facts);
    for (const tenant of facts.tenants) {
      for (const { name, layer, value, secret, declared, location } of tenant.environment.known ? tenant.environment.value.variables : []) {
        if (layer !== 'process') continue;
        const other = value === undefined ? undefined : ownerOf(owners, tenant, name, value);
        if (other !== undefined)
          yield {
            tenants: [tenant.tenant, other],
            message: `the gateway of ${tenant.tenant} runs with ${name} of ${other}`,
            evidence: [`${location}: ${value ?? ''}`],
          };
        else if (secret && !declared)
          yield {
            tenants: [tenant.tenant],
            message: `the gateway of ${tenant.tenant} runs with ${name}, which nobody declared for it`,
            evidence: [location],
          };
      }
    }
  },
});
