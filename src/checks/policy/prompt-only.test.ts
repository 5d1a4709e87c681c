import { known, type Facts } from '../../core/facts.ts';
import type { Power } from '../../core/tool-settings.ts';
import { withConfig } from '../testing/clean-facts.ts';
import { cases } from '../testing/cases.ts';

const told = (power: Power, tools: object): Facts => {
  const facts = withConfig({ tools });
  const prompts = known([{ path: '/t/acme/workspace/AGENTS.md', line: 3, power }], 'test');
  return { ...facts, tenants: facts.tenants.map((tenant) => (tenant.tenant === 'acme' ? { ...tenant, prompts } : tenant)) };
};

cases('policy.prompt-only', {
  ok: {
    'the config denies it too': told('exec', {}),
    'the config grants something else': told('browser', { alsoAllow: ['exec'], deny: [] }),
  },
  ng: {
    'the config grants it': told('exec', { alsoAllow: ['exec'], deny: [] }),
  },
});
