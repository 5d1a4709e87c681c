import type { Json } from '../../openclaw/merge.ts';
import { cases } from '../testing/cases.ts';
import { withConfig } from '../testing/clean-facts.ts';

const ON: Json = { defaults: { sandbox: { mode: 'all' } } };

cases('policy.exec-past-sandbox', {
  ok: {
    'within the sandbox': withConfig({ agents: ON, tools: { profile: 'coding', deny: ['group:nodes'], exec: { host: 'sandbox' } } }),
    'where OpenClaw puts it': withConfig({ agents: ON, tools: { profile: 'coding', deny: ['group:nodes'] } }),
    'no sandbox': withConfig({ tools: { profile: 'coding', deny: ['group:nodes'], exec: { host: 'gateway' } } }),
    'no commands': withConfig({ agents: ON, tools: { profile: 'coding', exec: { host: 'gateway' }, deny: ['group:runtime', 'terminal'] } }),
  },
  ng: {
    'beside the gateway': withConfig({ agents: ON, tools: { profile: 'coding', deny: ['group:nodes'], exec: { host: 'gateway' } } }),
    'on a node': withConfig({
      agents: { defaults: { sandbox: { mode: 'non-main' } } },
      tools: { profile: 'coding', deny: ['group:nodes'], exec: { host: 'node' } },
    }),
    'an agent of its own': withConfig({
      tools: { profile: 'coding', deny: ['group:nodes'] },
      agents: { ...ON, entries: { ops: { tools: { exec: { host: 'gateway' } } } } },
    }),
  },
});
