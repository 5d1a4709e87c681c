/** Two tenants wait for a provider's calls at one address. */
import { defineCheck } from '../../core/check.ts';
import type { TenantFacts } from '../../core/facts.ts';
import type { ChannelSettings } from '../../core/settings.ts';
import { sharedBy, sharing, type Holding } from '../join.ts';
import { settingsOf } from '../settings.ts';

export const check = defineCheck({
  id: 'channel.webhook-path-collision',
  title: 'Two tenants wait for calls at one address',
  why: 'Only one of them gets the calls; messages of one provider account reach the gateway of another tenant.',
  fix: 'Give each tenant a path or host of its own, a port of its own and a secret by which calls are checked.',
  how: 'Public webhook addresses are compared, and ports of own listeners within one network namespace of a host.',
  source: 'openclaw 2026.9.6 docs/channels (webhookUrl, webhookPort: Telegram 8787, Nextcloud Talk 8788, Teams 3978)',
  severity: { team: 'warn', clients: 'high', adversarial: 'high' },
  needs: ['settings', 'ports'],
  phases: ['desired', 'observed'],
  item: 'port',
  *judge(facts) {
    const webhooks = new Map([...settingsOf(facts)].map(({ tenant, settings }) => [tenant.tenant, settings.channels.webhooks]));
    const groups = sharedBy(facts.tenants, (tenant) => (webhooks.get(tenant.tenant) ?? []).flatMap((webhook) => holdings(tenant, webhook)));
    for (const group of groups) yield sharing(group, 'the address of a webhook');
  },
});

/** Two listeners on one port collide unless each is bound to an address of its own; what is bound to all meets everybody. */
function holdings(
  { host, ports }: TenantFacts,
  { channel, url, host: address, port, from }: ChannelSettings['webhooks'][number],
): readonly Holding[] {
  const found: Holding[] = url === undefined ? [] : [{ key: `url ${url}`, where: `${channel} ${url} (${from})` }];
  const namespace = ports.known ? ports.value.namespace : 'own';
  if (port === undefined || namespace === 'own') return found;
  const isLocal = address !== undefined && /^127\.(?!0\.0\.1$)/.test(address) ? address : 'any';
  return [...found, { key: `port ${host} ${namespace} ${isLocal} ${port}`, where: `${channel} listens on port ${port} (${from})` }];
}
