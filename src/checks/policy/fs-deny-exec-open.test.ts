import { cases } from '../testing/cases.ts';
import { withConfig } from '../testing/clean-facts.ts';

cases('policy.fs-deny-exec-open', {
  ok: {
    'both allowed': withConfig({ tools: { profile: 'coding', deny: [] } }),
    'exec refused': withConfig({ tools: { profile: 'coding', deny: ['write', 'edit', 'apply_patch'], exec: { security: 'deny' } } }),
  },
  ng: { 'writing denied only': withConfig({ tools: { profile: 'coding', deny: ['write', 'edit', 'apply_patch'] } }) },
});
