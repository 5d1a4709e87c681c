/** The environment gives a gateway another port than its config. */
import { defineCheck } from '../../core/check.ts';
import { settingsOf } from '../settings.ts';

export const check = defineCheck({
  id: 'port.env-overrides-config',
  title: 'The environment gives a gateway another port than its config',
  why: 'A variable inherited from another gateway wins over the config: the gateway listens, or looks for itself, where the other one does.',
  fix: 'Take OPENCLAW_GATEWAY_PORT out of the environment, or make it equal to gateway.port: bulkhead apply.',
  how: 'OPENCLAW_GATEWAY_PORT of the process (of the declaration while nothing runs) is compared with gateway.port.',
  source: 'openclaw 2026.9.6 docs/gateway/config-gateway.md (port: --port, then OPENCLAW_GATEWAY_PORT, then gateway.port)',
  severity: { team: 'high', clients: 'high', adversarial: 'high' },
  needs: ['settings'],
  phases: ['desired', 'observed'],
  item: 'port',
  *judge(facts) {
    for (const { tenant, settings } of settingsOf(facts)) {
      const { port, overruledPort } = settings.network;
      if (overruledPort === undefined) continue;
      yield {
        tenants: [tenant.tenant],
        message: `the environment of ${tenant.tenant} says port ${port.value}, its config ${overruledPort.value}`,
        evidence: [`${port.from}: ${port.value}`, `${overruledPort.from}: ${overruledPort.value}`],
      };
    }
  },
});
