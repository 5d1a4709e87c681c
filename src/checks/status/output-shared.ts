/** Two tenants give the same status output. */
import { defineCheck } from '../../core/check.ts';
import { sharedBy, sharing } from '../join.ts';

export const check = defineCheck({
  id: 'status.output-shared',
  title: 'Two tenants give the same status output',
  why: 'Two ports that answer alike are one gateway.',
  fix: 'Look at what listens on both published ports: bulkhead status.',
  how: 'Digests of what the gateways answer to a status request, without what changes from one moment to the next.',
  source: 'openclaw 2026.9.6 docs/gateway/protocol.md (status)',
  severity: { team: 'high', clients: 'critical', adversarial: 'critical' },
  needs: ['statusDigest'],
  phases: ['observed'],
  item: 'gateway',
  *judge(facts) {
    const same = sharedBy(facts.tenants, ({ statusDigest, declared }) =>
      statusDigest.known ? [{ key: statusDigest.value, where: `127.0.0.1:${declared.publishedPort}` }] : [],
    );
    for (const group of same) yield sharing(group, 'one status output');
  },
});
