/** Plugins from outside load without an allowlist. */
import { defineCheck } from '../../core/check.ts';
import { settingsOf } from '../settings.ts';

export const check = defineCheck({
  id: 'policy.plugins-open',
  title: 'Plugins from outside load without an allowlist',
  why: 'A plugin is code in the gateway’s process, with all its secrets. Without a list, whatever is found is loaded.',
  fix: 'List the wanted plugins in plugins.allow.',
  how: 'No allowlist is set, and the config names load paths or plugin entries of its own.',
  source: 'openclaw 2026.9.6 docs/tools/plugin.md (plugins.allow)',
  severity: { team: 'info', clients: 'warn', adversarial: 'high' },
  needs: ['settings'],
  phases: ['desired', 'observed'],
  item: 'tool-policy',
  *judge(facts) {
    for (const { tenant, settings } of settingsOf(facts)) {
      const { pluginAllow, pluginSources } = settings.tools;
      if (pluginAllow.value === null && pluginSources.length > 0)
        yield { tenants: [tenant.tenant], message: `${tenant.tenant} loads plugins that no list allows`, evidence: pluginSources.slice(0, 20) };
    }
  },
});
