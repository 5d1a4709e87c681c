import type { TenantFacts } from '../../core/facts.ts';
import type { Json } from '../../openclaw/merge.ts';
import { cases } from '../testing/cases.ts';
import { withConfigs, withPaths } from '../testing/clean-facts.ts';

const sandbox = (config: Json): Json => ({ agents: { defaults: { sandbox: config } } });
const inside = withPaths((path) => (path.role === 'workspace' ? { ...path, declared: '/home/node/.openclaw/workspace' } : path));
const each = withConfigs(sandbox({ mode: 'all' }));

cases('container.sandbox-prefix', {
  ok: {
    'workspaces of their own': each,
    'shared, under a prefix each': withConfigs(
      sandbox({ mode: 'all', scope: 'shared', docker: { containerPrefix: 'a-' }, browser: { containerPrefix: 'ab-' } }),
      sandbox({ mode: 'all', scope: 'shared', docker: { containerPrefix: 'g-' }, browser: { containerPrefix: 'gb-' } }),
    ),
    off: withConfigs(sandbox({ mode: 'off', scope: 'shared' })),
  },
  ng: {
    'scope shared': withConfigs(sandbox({ mode: 'all', scope: 'shared' })),
    'the browser’s prefix alone': withConfigs(
      sandbox({ mode: 'all', scope: 'shared', docker: { containerPrefix: 'a-' } }),
      sandbox({ mode: 'all', scope: 'shared', docker: { containerPrefix: 'g-' } }),
    ),
    'one agent of each': withConfigs({ agents: { entries: { main: { sandbox: { mode: 'all', scope: 'shared' } } } } }),
    'one workspace path inside': { ...each, tenants: each.tenants.map((tenant): TenantFacts => ({ ...tenant, ...inside(tenant) })) },
  },
});
