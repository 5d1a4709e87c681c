import { cases } from '../testing/cases.ts';
import { withConfig } from '../testing/clean-facts.ts';

cases('policy.allowlist-as-isolation', {
  ok: {
    'one sender': withConfig({ tools: { profile: 'coding', deny: [] }, channels: { telegram: { allowFrom: ['1'] } } }),
    'nothing powerful': withConfig({ channels: { telegram: { allowFrom: ['1', '2', '3'] } } }),
    sandboxed: withConfig({
      tools: { profile: 'coding', deny: [] },
      agents: { defaults: { sandbox: { mode: 'all', workspaceAccess: 'ro' } } },
      channels: { telegram: { allowFrom: ['1', '2'] } },
    }),
  },
  ng: {
    'more senders than members': withConfig({ tools: { profile: 'coding', deny: [] }, channels: { telegram: { allowFrom: ['1', '2'] } } }),
    'a group': withConfig({ tools: { profile: 'coding', deny: [] }, channels: { telegram: { groupPolicy: 'allowlist', groups: { '-1': {} } } } }),
    'a sender of another tenant': withConfig({ tools: { profile: 'coding', deny: [] }, channels: { telegram: { allowFrom: ['4242'] } } }),
  },
});
