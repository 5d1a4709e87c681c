/** End users hold a key that makes them operators. */
import { defineCheck } from '../../core/check.ts';
import { settingsOf } from '../settings.ts';

export const check = defineCheck({
  id: 'api.openai-http-exposed',
  title: 'End users hold a key that makes them operators',
  why: 'The key of the HTTP API is the gateway’s own: with it a customer reads every session and calls every tool of the tenant, whatever the client shows.',
  fix: 'Put a login of your own in front, and keep the key there; or switch the endpoint off.',
  how: 'An OpenAI-compatible endpoint or the admin RPC is on while an API client is declared with keyWithUsers.',
  source: 'openclaw 2026.9.6 docs/gateway/openai-http-api.md (full operator access), docs/plugins/admin-http-rpc.md',
  severity: { team: 'warn', clients: 'high', adversarial: 'critical' },
  needs: ['settings', 'apiClients'],
  phases: ['desired', 'observed'],
  item: 'gateway-token',
  *judge(facts) {
    for (const { tenant, settings } of settingsOf(facts)) {
      const held = (tenant.apiClients.known ? tenant.apiClients.value : []).filter(({ keyWithUsers }) => keyWithUsers);
      if (held.length === 0 || settings.network.apis.length === 0) continue;
      yield {
        tenants: [tenant.tenant],
        message: `end users of ${held.map(({ name }) => name).join(', ')} hold the key of ${tenant.tenant}`,
        evidence: settings.network.apis.map(({ value, from }) => `${value} is on (${from})`),
      };
    }
  },
});
