/** Agents of one gateway stand for tenants. */
import { defineCheck } from '../../core/check.ts';
import { routed } from '../gateways.ts';

export const check = defineCheck({
  id: 'boundary.agents-as-tenants',
  title: 'Agents of one gateway stand for tenants',
  why: 'Agents of one gateway share its process, its token, its state and each other’s sessions: they are not isolated from each other.',
  fix: 'Give each tenant a gateway of its own, and its agents names of their own.',
  how: 'Tenants with one gateway or one config that has several agents; and an agent called after another tenant.',
  source: 'openclaw 2026.9.6 docs/concepts/multi-agent.md, docs/gateway/security/trust-model.md',
  severity: { team: 'info', clients: 'critical', adversarial: 'critical' },
  needs: ['settings', 'paths'],
  phases: ['desired', 'observed'],
  item: 'gateway',
  *judge(facts) {
    yield* routed(facts, 'agents', 2, 'agents');
  },
});
