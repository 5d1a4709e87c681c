/** Two tenants ask one model service on this machine or network. */
import { defineCheck } from '../../core/check.ts';
import { sharedBy, sharing } from '../join.ts';
import { settingsOf } from '../settings.ts';

/** Undefined for a service of the wide network. */
function scopeOf(
  name: string,
  { tenant, host, namespace }: { readonly tenant: string; readonly host: string; readonly namespace: string },
): string | undefined {
  if (/^(?:127\.|0\.0\.0\.0$|\[::1?\]$|localhost$)/.test(name)) return namespace === 'own' ? `of ${tenant}` : `${host} ${namespace}`;
  return /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.|\[f[cd])/.test(name) ||
    /(?:^[^.]+|\.(?:local|lan|internal|home\.arpa))$/.test(name)
    ? 'network'
    : undefined;
}

export const check = defineCheck({
  id: 'model.local-service-shared',
  title: 'Two tenants ask one local model service',
  why: 'Prompt cache and logs are common, and such services rarely ask who is there.',
  fix: 'Run an instance for each tenant, or put a proxy in front that authenticates and keeps them apart.',
  how: 'Addresses of model endpoints that are loopback or private are compared; loopback counts within one network namespace.',
  source: 'openclaw 2026.9.6 docs/gateway/local-models.md; RFC 1918, RFC 4193',
  severity: { team: 'info', clients: 'warn', adversarial: 'high' },
  needs: ['settings', 'ports'],
  phases: ['desired', 'observed'],
  item: 'model-credentials',
  *judge(facts) {
    const endpoints = new Map([...settingsOf(facts)].map(({ tenant, settings }) => [tenant.tenant, settings.models.endpoints]));
    const groups = sharedBy(facts.tenants, ({ tenant, host, ports }) =>
      (endpoints.get(tenant) ?? []).flatMap(({ url, from }) => {
        const scope = scopeOf(new URL(url).hostname, { tenant, host, namespace: ports.known ? ports.value.namespace : 'own' });
        return scope === undefined ? [] : [{ key: `${scope} ${url}`, where: `${url} (${from})` }];
      }),
    );
    for (const group of groups) yield sharing(group, 'one local model service');
  },
});
