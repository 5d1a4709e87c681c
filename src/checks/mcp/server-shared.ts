/** Two tenants use one tool server. */
import { defineCheck } from '../../core/check.ts';
import { sharedBy, sharing } from '../join.ts';
import { sharedPlaces } from '../places.ts';
import { settingsOf } from '../settings.ts';

export const check = defineCheck({
  id: 'mcp.server-shared',
  title: 'Two tenants use one tool server',
  why: 'What it remembers, may do and is logged in with is common to both.',
  fix: 'Run a server for each tenant, with data and a login of its own.',
  how: 'Remote servers are compared by address and what authenticates to them, local ones by the directories they work in.',
  source: 'openclaw 2026.9.6 docs/cli/mcp.md, `openclaw config schema` (mcp.servers)',
  severity: { team: 'warn', clients: 'critical', adversarial: 'critical' },
  needs: ['settings', 'places'],
  phases: ['desired', 'observed'],
  item: 'state-directory',
  *judge(facts) {
    const servers = new Map([...settingsOf(facts)].map(({ tenant, settings }) => [tenant.tenant, settings.mcp.servers]));
    const remote = sharedBy(facts.tenants, ({ tenant, host, ports }) =>
      (servers.get(tenant) ?? []).flatMap(({ digest, address, from }) => {
        if (digest === undefined) return [];
        const namespace = ports.known && ports.value.namespace !== 'own' ? ports.value.namespace : tenant;
        const scope = /^\w+:\/\/127\./.test(address) ? `${host} ${namespace}` : '';
        return [{ key: `${scope} ${digest}`, where: `${address} (${from})` }];
      }),
    );
    for (const group of remote) yield sharing(group, 'one tool server');
    for (const group of sharedPlaces(facts, (what) => what.startsWith('mcp:'))) yield sharing(group, 'the data of a tool server');
  },
});
