/** Traces, metrics or logs of two tenants go to one place with one credential. */
import { defineCheck } from '../../core/check.ts';
import type { TenantFacts } from '../../core/facts.ts';
import { sharedBy, sharing, type Holding } from '../join.ts';

export const check = defineCheck({
  id: 'log.sink-shared',
  title: 'Traces, metrics or logs of two tenants go to one place with one credential',
  why: 'Whoever reads the collector for one reads both; a label says where a line came from, it holds nobody off.',
  fix: 'Give each tenant a project of its own at the collector, and its own header or file.',
  how: 'OTLP endpoints of config and environment, in one spelling, with the names of their headers and digests of the values; a loopback address counts for its own network namespace. Files of traces by path. On a plan, headers in plain text are not compared.',
  source: 'openclaw 2026.9.6 docs/gateway/opentelemetry/configuration.md, docs/diagnostics/flags.md',
  severity: { team: 'info', clients: 'warn', adversarial: 'high' },
  needs: ['settings', 'ports'],
  phases: ['desired', 'observed'],
  item: 'logs',
  *judge({ tenants }) {
    for (const group of sharedBy(tenants, holdings)) yield sharing(group, 'a place for traces, metrics or logs');
  },
});

function holdings(tenant: TenantFacts): readonly Holding[] {
  const { settings, ports, host } = tenant;
  return (settings.known ? settings.value.sinks : []).flatMap(({ kind, value, from, credentials }) => {
    if (credentials === undefined) return [];
    const where = `${from}: ${value}`;
    if (kind === 'file') return [{ key: `file ${host} ${value}`, where }];
    const { hostname, port } = URL.canParse(value) ? new URL(value) : { hostname: value, port: '' };
    if (!/^(?:localhost|127(?:\.\d+){3}|\[::1\]|0\.0\.0\.0)$/.test(hostname)) return [{ key: `otlp ${value} ${credentials}`, where }];
    const namespace = ports.known && ports.value.namespace !== 'own' ? ports.value.namespace : `of ${tenant.tenant}`;
    return [{ key: `otlp ${host} ${namespace} ${port} ${credentials}`, where }];
  });
}
