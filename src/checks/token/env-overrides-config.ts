/** A variable brings another gateway token than the config. */
import { defineCheck } from '../../core/check.ts';
import { secretsOf } from '../secrets.ts';

export const check = defineCheck({
  id: 'token.env-overrides-config',
  title: 'A variable overrides the gateway token of the config',
  why: 'The token that counts is not the one that is declared: an environment that two tenants share would give both the same.',
  fix: 'Take OPENCLAW_GATEWAY_TOKEN and OPENCLAW_GATEWAY_PASSWORD out of the environment; keep one source.',
  how: 'The digest of the variable is compared with that of the token in the config or its file.',
  source: 'openclaw 2026.9.6 docs/gateway/security/audit-checks.md (gateway.env_token_overrides_config)',
  severity: { team: 'warn', clients: 'high', adversarial: 'high' },
  needs: ['secrets'],
  phases: ['desired', 'observed'],
  item: 'gateway-token',
  *judge(facts) {
    for (const tenant of facts.tenants) {
      const tokens = secretsOf(tenant).filter(({ role, digest }) => role === 'gateway-token' && digest !== undefined);
      const byVariable = tokens.filter(({ location }) => /(?:^env:|[#.])OPENCLAW_GATEWAY_(?:TOKEN|PASSWORD)$/.test(location));
      const others = tokens.filter((token) => !byVariable.includes(token));
      const odd = byVariable.find(({ digest }) => others.length > 0 && others.every((other) => other.digest !== digest));
      if (odd !== undefined)
        yield {
          tenants: [tenant.tenant],
          message: `${odd.location} gives the gateway of ${tenant.tenant} another token than its config`,
          evidence: [odd.location, ...others.map(({ location }) => location)],
        };
    }
  },
});
