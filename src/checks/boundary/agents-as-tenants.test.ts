import { servedTogether, withConfig } from '../testing/clean-facts.ts';
import { cases } from '../testing/cases.ts';

cases('boundary.agents-as-tenants', {
  ok: {
    'one gateway with one agent': servedTogether({ agents: { entries: { desk: {} } } }),
    'several agents of one tenant': withConfig({ agents: { entries: { desk: {}, night: {}, main: {} } } }),
    'a name in which that of another only begins': withConfig({ agents: { entries: { 'globex-desk': {} } } }),
  },
  ng: {
    'one gateway with two agents': servedTogether({ agents: { entries: { desk: {}, night: {} } } }),
    'an agent called after another tenant': withConfig({ agents: { entries: { Globex: {} } } }),
    'an agent in a list called after another tenant': withConfig({ agents: { list: [{ id: 'globex' }] } }),
  },
});
