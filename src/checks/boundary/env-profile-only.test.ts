import { withConfig } from '../testing/clean-facts.ts';
import { cases } from '../testing/cases.ts';

cases('boundary.env-profile-only', {
  ok: {
    'a profile beside both paths': withConfig({}, { OPENCLAW_PROFILE: 'zed' }),
    'the default profile': withConfig({}, { OPENCLAW_PROFILE: 'Default', OPENCLAW_CONFIG_PATH: '' }),
  },
  ng: {
    'without a config': withConfig({}, { OPENCLAW_PROFILE: 'zed', OPENCLAW_CONFIG_PATH: '' }),
    'without a state': withConfig({}, { OPENCLAW_PROFILE: 'zed', OPENCLAW_STATE_DIR: 'undefined' }),
  },
});
