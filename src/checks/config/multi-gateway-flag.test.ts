import { withConfig } from '../testing/clean-facts.ts';
import { cases } from '../testing/cases.ts';

cases('config.multi-gateway-flag', {
  ok: {
    off: withConfig({}, { OPENCLAW_ALLOW_MULTI_GATEWAY: '0' }),
  },
  ng: {
    on: withConfig({}, { OPENCLAW_ALLOW_MULTI_GATEWAY: '1' }),
    'on in words': withConfig({}, { OPENCLAW_ALLOW_MULTI_GATEWAY: 'True' }),
  },
});
