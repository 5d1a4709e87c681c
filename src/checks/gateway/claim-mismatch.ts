/** A gateway says it is another than the declared one. */
import { defineCheck } from '../../core/check.ts';

export const check = defineCheck({
  id: 'gateway.claim-mismatch',
  title: 'A gateway says it is another than the declared one',
  why: 'What a gateway says of itself is a claim of the tenant; a claim that differs means that the port leads elsewhere.',
  fix: 'Look at what listens on the published port: bulkhead status.',
  how: 'The config and state paths that the gateway names in its answer over WebSocket are compared with the declared ones.',
  source: 'openclaw 2026.9.6 docs/gateway/protocol.md (hello-ok)',
  severity: { team: 'high', clients: 'critical', adversarial: 'critical' },
  needs: ['claim'],
  phases: ['observed'],
  ofDeclaration: true,
  item: 'gateway',
  *judge(facts) {
    for (const { tenant, declared, claim } of facts.tenants) {
      if (!claim.known) continue;
      const { configPath, stateDir } = claim.value;
      const evidence = [
        ...(configPath === declared.configPath ? [] : [`config ${configPath}, declared ${declared.configPath}`]),
        ...(stateDir === declared.stateDir ? [] : [`state ${stateDir}, declared ${declared.stateDir}`]),
      ];
      if (evidence.length > 0) yield { tenants: [tenant], message: `the gateway on the port of ${tenant} says it is another`, evidence };
    }
  },
});
