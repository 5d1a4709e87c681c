import { observedFacts, servedTogether } from '../testing/clean-facts.ts';
import { cases } from '../testing/cases.ts';

cases('boundary.shared-tool-agent', {
  ok: {
    'one gateway without tools': servedTogether(),
    'gateways of their own': observedFacts(),
  },
  ng: {
    'one gateway that reads files': servedTogether({ tools: { profile: 'full', deny: [] } }),
  },
});
