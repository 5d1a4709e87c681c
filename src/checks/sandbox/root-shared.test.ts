import { servedTogether, withConfig, withPath } from '../testing/clean-facts.ts';
import { cases } from '../testing/cases.ts';

cases('sandbox.root-shared', {
  ok: {
    'a root of its own': withConfig({ agents: { defaults: { sandbox: { workspaceRoot: '/t/acme/sandboxes' } } } }),
  },
  ng: {
    'one directory': withPath('sandbox', { identity: '1:212' }),
    'one target with the default root': servedTogether({ agents: { defaults: { sandbox: { ssh: { target: 'ops@Box' } } } } }),
    'one target of single agents': servedTogether({
      agents: { entries: { desk: { sandbox: { ssh: { target: 'ops@box', workspaceRoot: '/srv/x/' } } } } },
    }),
  },
});
