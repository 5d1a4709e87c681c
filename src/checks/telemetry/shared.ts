/** Gateways of several tenants report to one place outside. */
import { defineCheck } from '../../core/check.ts';
import { sharedBy, sharing } from '../join.ts';

export const check = defineCheck({
  id: 'telemetry.shared',
  title: 'Gateways of several tenants report to one place outside',
  why: 'Version, system and address of each go there every day, with statistics also its channels and providers.',
  fix: 'Set update.checkOnStart to false; Bulkhead does.',
  how: 'Whether the daily update check is on (update.checkOnStart, OPENCLAW_NO_AUTO_UPDATE) and where it goes (OPENCLAW_TELEMETRY_ENDPOINT); statistics ride along and are named.',
  source: 'openclaw 2026.9.6 docs/gateway/telemetry.md',
  severity: { team: '-', clients: 'info', adversarial: 'info' },
  needs: ['settings'],
  phases: ['desired', 'observed'],
  item: 'telemetry',
  *judge({ tenants }) {
    const groups = sharedBy(tenants, ({ settings }) => {
      if (!settings.known || !settings.value.telemetry.asks.value) return [];
      const { asks, statistics, endpoint } = settings.value.telemetry;
      return [{ key: endpoint.value.toLowerCase(), where: `${endpoint.value} (${asks.from}${statistics.value ? ', with statistics' : ''})` }];
    });
    for (const group of groups) yield sharing(group, 'a place that they report to');
  },
});
