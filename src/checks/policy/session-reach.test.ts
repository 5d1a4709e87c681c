import { cases } from '../testing/cases.ts';
import { withConfig } from '../testing/clean-facts.ts';

cases('policy.session-reach', {
  ok: { 'one agent': withConfig({ tools: { sessions: { visibility: 'all' } } }), 'two apart': withConfig({ agents: { entries: { a: {}, b: {} } } }) },
  ng: {
    'all sessions': withConfig({ agents: { entries: { a: {}, b: {} } }, tools: { sessions: { visibility: 'all' } } }),
    'calls between agents': withConfig({ agents: { entries: { a: {}, b: {} } }, tools: { agentToAgent: { enabled: true } } }),
  },
});
