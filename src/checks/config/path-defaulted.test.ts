import { withConfig } from '../testing/clean-facts.ts';
import { cases } from '../testing/cases.ts';

cases('config.path-defaulted', {
  ok: {
    'the same path with a trailing slash': withConfig({}, { OPENCLAW_STATE_DIR: '/t/acme/state/' }),
    'a tilde': withConfig({}, { OPENCLAW_STATE_DIR: '~/../state' }),
  },
  ng: {
    'no config path': withConfig({}, { OPENCLAW_CONFIG_PATH: ' ' }),
    'no state': withConfig({}, { OPENCLAW_STATE_DIR: '' }),
    'another config': withConfig({}, { OPENCLAW_CONFIG_PATH: '/t/acme/config/other.json' }),
    'another state': withConfig({}, { OPENCLAW_STATE_DIR: '/t/acme/state2' }),
  },
});
