/** Session keys stand for tenants. */
import { defineCheck } from '../../core/check.ts';
import { routed } from '../gateways.ts';

export const check = defineCheck({
  id: 'boundary.sessionkey-as-boundary',
  title: 'Session keys stand for tenants',
  why: 'A session key chooses the context of a turn. Whoever may talk to the gateway may name any key: it is routing, not authorization.',
  fix: 'Give each tenant a gateway of its own, and take the other tenant’s keys out of this one.',
  how: 'Tenants with one gateway or one config that scopes sessions; and a session key, prefix or identity link called after another tenant.',
  source:
    'openclaw 2026.9.6 docs/gateway/security/trust-model.md; `openclaw config schema` (hooks.allowedSessionKeyPrefixes, hooks.mappings, session.*)',
  severity: { team: 'info', clients: 'critical', adversarial: 'critical' },
  needs: ['settings', 'paths'],
  phases: ['desired', 'observed'],
  item: 'gateway',
  *judge(facts) {
    yield* routed(facts, 'sessions', 1, 'session keys');
  },
});
