/** Model names stand for tenants. */
import { defineCheck } from '../../core/check.ts';
import { routed } from '../gateways.ts';

export const check = defineCheck({
  id: 'boundary.model-as-boundary',
  title: 'Model names stand for tenants',
  why: 'The caller chooses the model name in each request, and with it the agent: it can ask for that of any other tenant.',
  fix: 'Give each tenant a gateway of its own; call models after what they are.',
  how: 'Tenants with one gateway or one config that names several models; and a provider, model or alias called after another tenant.',
  source: 'openclaw 2026.9.6 docs/gateway/openai-http-api.md (model selects the agent), docs/gateway/security/trust-model.md',
  severity: { team: 'info', clients: 'critical', adversarial: 'critical' },
  needs: ['settings', 'paths'],
  phases: ['desired', 'observed'],
  item: 'gateway',
  *judge(facts) {
    yield* routed(facts, 'models', 2, 'model names');
  },
});
