/** Callers of several boundaries reach one agent that has power. */
import { defineCheck } from '../../core/check.ts';
import type { TenantFacts } from '../../core/facts.ts';
import { servedTogether } from '../gateways.ts';
import { names } from '../join.ts';

export const check = defineCheck({
  id: 'boundary.shared-tool-agent',
  title: 'Customers of several boundaries share an agent that has tools',
  why: 'Any of them can steer it into files, programs and sessions of the others: what the agent may do, each caller may do.',
  fix: 'Give each boundary a gateway of its own; or take programs, files, browser, nodes and control away from the shared one.',
  how: 'Tenants with one gateway or one config, whose tool policy leaves at least one power in reach.',
  source: 'openclaw 2026.9.6 docs/gateway/security/trust-model.md, docs/gateway/config-tools/tool-policy.md',
  severity: { team: 'warn', clients: 'critical', adversarial: 'critical' },
  needs: ['settings', 'paths'],
  phases: ['desired', 'observed'],
  item: 'tool-policy',
  *judge(facts) {
    const groups = servedTogether(facts);
    const byId = new Map(groups.length === 0 ? [] : facts.tenants.map((tenant) => [tenant.tenant, tenant] as const));
    for (const { tenants, evidence } of groups) {
      const powers = new Set(tenants.flatMap((tenant) => powersOf(byId.get(tenant))));
      if (powers.size > 0)
        yield { tenants, message: `${names(tenants)} share an agent that has power`, evidence: [...[...powers].slice(0, 20), ...evidence] };
    }
  },
});

function powersOf(tenant: TenantFacts | undefined): readonly string[] {
  if (tenant?.settings.known !== true) return [];
  return Object.entries(tenant.settings.value.tools.reach).map(([power, grantedBy]) => `${power}: ${grantedBy}`);
}
