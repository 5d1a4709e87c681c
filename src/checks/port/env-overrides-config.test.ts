import { withConfigs } from '../testing/network-facts.ts';
import { cases } from '../testing/cases.ts';

cases('port.env-overrides-config', {
  ok: {
    'both say the same': withConfigs({ acme: {} }),
    'only the config says one': withConfigs({ acme: { gateway: { port: 20000 } } }, { OPENCLAW_GATEWAY_PORT: '' }),
  },
  ng: {
    'the environment of another gateway': withConfigs({ acme: {} }, { OPENCLAW_GATEWAY_PORT: '18889' }),
    'with an address': withConfigs({ acme: {} }, { OPENCLAW_GATEWAY_PORT: '[::1]:18889' }),
  },
});
