import { cases } from '../testing/cases.ts';
import { withConfig } from '../testing/clean-facts.ts';

cases('policy.http-allow', {
  ok: { 'an empty list': withConfig({ gateway: { tools: { allow: [] } } }) },
  ng: { exec: withConfig({ gateway: { tools: { allow: ['exec'] } } }) },
});
