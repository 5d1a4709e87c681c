import { cases } from '../testing/cases.ts';
import { withConfig } from '../testing/clean-facts.ts';

cases('policy.control-plane', {
  ok: { 'a schedule of its staff': withConfig({ tools: { profile: 'coding', deny: ['group:nodes', 'plugins'] } }) },
  ng: {
    'a profile that includes plugins': withConfig({ tools: { profile: 'coding', deny: ['gateway', 'openclaw'] } }),
    'the gateway tool': withConfig({ tools: { alsoAllow: ['gateway'], deny: [] } }),
    'a schedule for outsiders': withConfig({ tools: { profile: 'coding', deny: [] }, channels: { telegram: { dmPolicy: 'open' } } }),
  },
});
