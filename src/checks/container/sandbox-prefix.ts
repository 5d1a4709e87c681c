/** Sandboxes of two tenants can have one name. */
import { defineCheck } from '../../core/check.ts';
import { sharedBy, sharing } from '../join.ts';

export const check = defineCheck({
  id: 'container.sandbox-prefix',
  title: 'Sandboxes of two tenants can have one name',
  why: 'OpenClaw finds a sandbox by its name: the second tenant’s tools then run in the first one’s container.',
  fix: 'Set agents.defaults.sandbox.docker.containerPrefix and browser.containerPrefix to a name of each tenant.',
  how: 'Names are the prefix and, with scope shared, one constant, else a hash of the workspace path. Compared for agents whose sandbox is on, on one host, where one engine serves both.',
  source: 'openclaw 2026.9.6 docs/gateway/config-agents/sandbox.md',
  severity: { team: 'warn', clients: 'critical', adversarial: 'critical' },
  needs: ['settings', 'paths'],
  phases: ['desired', 'observed'],
  item: 'container',
  *judge({ tenants }) {
    const groups = sharedBy(tenants, ({ host, settings, paths }) => {
      const on = (settings.known ? settings.value.sandboxes : []).filter(({ mode }) => mode.value !== 'off');
      const workspaces =
        on.length === 0 || !paths.known ? [] : paths.value.filter(({ role }) => role === 'workspace').map(({ declared }) => declared);
      return on.flatMap(({ key, scope, prefixes }) => {
        const names = scope.value === 'shared' ? ['shared'] : workspaces;
        return prefixes.flatMap(({ value }) =>
          names.map((name) => ({ key: `${host} ${value} ${name}`, where: `${key}.sandbox: ${value}… (${name})` })),
        );
      });
    });
    for (const group of groups) yield sharing(group, 'names of sandboxes');
  },
});
