import { withConfig, withPath } from '../testing/clean-facts.ts';
import { cases } from '../testing/cases.ts';

cases('agentdir.shared', {
  ok: {
    'a directory of its own': withConfig({ agents: { entries: { desk: {} } } }),
  },
  ng: {
    'one directory': withPath('agent', { identity: '1:204' }),
  },
});
