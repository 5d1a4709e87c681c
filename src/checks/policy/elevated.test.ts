import { cases } from '../testing/cases.ts';
import { withConfig } from '../testing/clean-facts.ts';

cases('policy.elevated', {
  ok: { off: withConfig({ tools: { elevated: { enabled: false } } }) },
  ng: { on: withConfig({ tools: { elevated: { enabled: true } } }), 'not said': withConfig({ tools: { elevated: { enabled: undefined } } }) },
});
