/** A sandbox shows files of another tenant or of the host. */
import { defineCheck } from '../../core/check.ts';
import { holdsEngineSocket } from '../../core/container-facts.ts';
import { normalised } from '../../core/path-text.ts';
import type { TenantId } from '../../core/words.ts';
import { pathsOf, upwards } from '../join.ts';

const OF_HOST = new Set([
  '/',
  '/etc',
  '/proc',
  '/sys',
  '/dev',
  '/root',
  '/boot',
  '/home',
  '/var',
  '/var/lib',
  '/run',
  '/var/run',
  '/usr',
  '/srv',
  '/opt',
]);

export const check = defineCheck({
  id: 'container.sandbox-bind',
  title: 'A sandbox shows files of another tenant or of the host',
  why: 'Tools in the sandbox, and whoever steers them, read and change what is bound into it.',
  fix: 'Bind only directories of the tenant itself.',
  how: 'Sources of sandbox.docker.binds and sandbox.browser.binds of all agents, against paths of other tenants on the host (at, above or below one), directories of the host, and sockets of engines.',
  source: 'openclaw 2026.9.6 docs/gateway/security/tool-permissions.md, docs/gateway/sandboxing/multiple-folders-for-one-agent.md',
  severity: { team: 'warn', clients: 'critical', adversarial: 'critical' },
  needs: ['settings', 'paths'],
  phases: ['desired', 'observed'],
  item: 'container',
  *judge({ tenants }) {
    const owners = new Map<string, Set<TenantId>>();
    const above = new Map<string, Set<TenantId>>();
    const note = (map: Map<string, Set<TenantId>>, key: string, tenant: TenantId): unknown => map.set(key, (map.get(key) ?? new Set()).add(tenant));
    const binding = tenants.filter(({ settings }) => settings.known && settings.value.sandboxes.some(({ binds }) => binds.length > 0));
    if (binding.length === 0) return;
    for (const tenant of tenants)
      for (const { real } of pathsOf(tenant)) {
        note(owners, `${tenant.host} ${real}`, tenant.tenant);
        for (const place of upwards(real)) note(above, `${tenant.host} ${place}`, tenant.tenant);
      }
    for (const { tenant, host, settings } of binding) {
      for (const { binds } of settings.known ? settings.value.sandboxes : []) {
        for (const { value, from } of binds) {
          const source = normalised(value);
          const inside = [...upwards(source)].flatMap((place) => [...(owners.get(`${host} ${place}`) ?? [])]);
          const others = [...new Set([...inside, ...(above.get(`${host} ${source}`) ?? [])])].filter((other) => other !== tenant);
          if (others.length > 0)
            yield { tenants: [tenant, ...others], message: `a sandbox of ${tenant} shows files of another tenant`, evidence: [`${from}: ${value}`] };
          else if (OF_HOST.has(source) || holdsEngineSocket(source))
            yield { tenants: [tenant], message: `a sandbox of ${tenant} shows files of the host`, evidence: [`${from}: ${value}`] };
        }
      }
    }
  },
});
