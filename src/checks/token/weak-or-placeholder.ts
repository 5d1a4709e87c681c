/** A gateway or hook token that can be guessed. */
import { defineCheck } from '../../core/check.ts';
import type { Strength } from '../../core/secret-facts.ts';
import { secretsOf } from '../secrets.ts';

const WORDS: Readonly<Record<Exclude<Strength, 'strong'>, string>> = {
  placeholder: 'a placeholder',
  short: 'short',
  weak: 'of too little variety',
};

export const check = defineCheck({
  id: 'token.weak-or-placeholder',
  title: 'A token can be guessed',
  why: 'Every local program and every neighbour can try tokens at the port; loopback is never locked out.',
  fix: 'Make a random one: openssl rand -hex 32.',
  how: 'Judged where the token lies: a known placeholder, fewer than 24 characters, or too little variety. Only that class leaves the host.',
  source: 'openclaw 2026.9.6 docs/gateway/security/audit-checks.md (gateway.token_too_short, gateway.token_placeholder_value, hooks.token_too_short)',
  severity: { team: 'warn', clients: 'high', adversarial: 'critical' },
  needs: ['secrets'],
  phases: ['desired', 'observed'],
  item: 'gateway-token',
  *judge(facts) {
    for (const tenant of facts.tenants) {
      for (const { role, location, strength } of secretsOf(tenant)) {
        if ((role !== 'gateway-token' && role !== 'hooks-token') || strength === undefined || strength === 'strong') continue;
        yield { tenants: [tenant.tenant], message: `the ${role} of ${tenant.tenant} is ${WORDS[strength]}`, evidence: [location] };
      }
    }
  },
});
