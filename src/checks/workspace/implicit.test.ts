import { withConfig } from '../testing/clean-facts.ts';
import { cases } from '../testing/cases.ts';

cases('workspace.implicit', {
  ok: {
    set: withConfig({ agents: { defaults: { workspace: '~/x' } } }),
  },
  ng: {
    empty: withConfig({ agents: { defaults: { workspace: ' ' } } }),
    'only in the environment': withConfig({ agents: { defaults: { workspace: 1 } } }, { OPENCLAW_WORKSPACE_DIR: '/t/acme/workspace' }),
  },
});
