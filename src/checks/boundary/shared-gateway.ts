/** Two tenants are served by one gateway. */
import { defineCheck } from '../../core/check.ts';
import { sharedGateways } from '../gateways.ts';
import { sharing } from '../join.ts';

export const check = defineCheck({
  id: 'boundary.shared-gateway',
  title: 'Two tenants are served by one gateway',
  why: 'Whoever holds the gateway token is operator of the whole gateway; sessions, agents and scopes in it are no boundary.',
  fix: 'Give each trust boundary a gateway of its own.',
  how: 'Two tenants with one state directory (real path, inode, mount), one gateway process, or one published port of one host.',
  source: 'openclaw 2026.9.6 docs/gateway/security/trust-model.md, docs/gateway/multi-tenant-hosting.md',
  severity: { team: 'info', clients: 'critical', adversarial: 'critical' },
  needs: ['ports', 'paths'],
  phases: ['desired', 'observed'],
  item: 'gateway',
  *judge(facts) {
    for (const group of sharedGateways(facts)) yield sharing(group, 'one gateway');
  },
});
