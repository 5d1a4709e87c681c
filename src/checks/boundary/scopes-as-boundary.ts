/** Scopes and roles stand for tenants. */
import { defineCheck } from '../../core/check.ts';
import type { Violation } from '../../core/check.ts';
import type { Facts } from '../../core/facts.ts';
import type { TenantId } from '../../core/words.ts';
import { routed } from '../gateways.ts';
import { settingsOf } from '../settings.ts';

export const check = defineCheck({
  id: 'boundary.scopes-as-boundary',
  title: 'Scopes and roles stand for tenants',
  why: 'Scopes are guardrails for people who trust each other. A bearer of the shared secret has them all, whatever the request says.',
  fix: 'Give each tenant a gateway of its own, and take people of other boundaries out of this one’s roles.',
  how: 'Tenants with one gateway or one config that has roles; a role called after another tenant; somebody with scopes who is a member of another boundary and not of this one.',
  source: 'openclaw 2026.9.6 docs/gateway/security/trust-model.md; `openclaw config schema` (gateway.roles, gateway.auth.identityScopes)',
  severity: { team: 'info', clients: 'critical', adversarial: 'critical' },
  needs: ['settings', 'paths'],
  phases: ['desired', 'observed'],
  item: 'gateway',
  *judge(facts) {
    yield* routed(facts, 'identities', 1, 'scopes and roles');
    if (facts.tenants.some(({ settings }) => settings.known && settings.value.routes.identities.length > 0)) yield* strangersWithScopes(facts);
  },
});

function* strangersWithScopes(facts: Facts): Iterable<Violation> {
  const boundaries = new Map<string, TenantId[]>();
  for (const { tenant, boundary } of facts.tenants) {
    for (const member of new Set([boundary.owner, ...boundary.members].map((one) => one.trim().toLowerCase()))) {
      const of = boundaries.get(member);
      if (of === undefined) boundaries.set(member, [tenant]);
      else of.push(tenant);
    }
  }
  for (const { tenant, settings } of settingsOf(facts)) {
    for (const { value, from } of settings.routes.identities) {
      const of = boundaries.get(value.trim().toLowerCase()) ?? [];
      const [other] = of;
      if (other !== undefined && !of.includes(tenant.tenant))
        yield {
          tenants: [tenant.tenant, other],
          message: `the gateway of ${tenant.tenant} gives scopes to a member of ${other}`,
          evidence: [`${from}: ${value}`],
        };
    }
  }
}
