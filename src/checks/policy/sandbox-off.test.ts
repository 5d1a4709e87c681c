import { cases } from '../testing/cases.ts';
import { withConfig } from '../testing/clean-facts.ts';

cases('policy.sandbox-off', {
  ok: {
    'nothing powerful': withConfig({ channels: { telegram: { dmPolicy: 'open' } } }),
    sandboxed: withConfig({
      channels: { telegram: { dmPolicy: 'open' } },
      tools: { profile: 'coding', deny: [] },
      agents: { defaults: { sandbox: { mode: 'all' } } },
    }),
  },
  ng: {
    anyone: withConfig({ channels: { telegram: { dmPolicy: 'open' } }, tools: { profile: 'coding', deny: [] } }),
    'a group, half sandboxed': withConfig({
      channels: { telegram: { groupPolicy: 'allowlist', groups: { '-1': {} } } },
      tools: { profile: 'coding', deny: [] },
      agents: { defaults: { sandbox: { mode: 'non-main' } } },
    }),
  },
});
