/** A gateway, or something that belongs to it, listens beyond the loopback. */
import { defineCheck } from '../../core/check.ts';
import { hostOf } from '../../core/endpoint.ts';
import { settingsOf } from '../settings.ts';

export const check = defineCheck({
  id: 'net.bind-wide',
  title: 'A gateway listens beyond the loopback',
  why: 'Whoever reaches the machine reaches the gateway: neighbours, the office network or everybody.',
  fix: 'Bind to the loopback and put a proxy with its own login in front.',
  how: 'gateway.bind, the addresses of webhooks and watchers, and the address on which the published port is held must be the loopback.',
  source: 'openclaw 2026.9.6 docs/gateway/security/network-exposure.md, docs/channels/nextcloud-talk.md (0.0.0.0 by default)',
  severity: { team: 'warn', clients: 'high', adversarial: 'critical' },
  needs: ['settings'],
  phases: ['desired', 'observed'],
  item: 'port',
  *judge(facts) {
    for (const { tenant, settings } of settingsOf(facts)) {
      const { bind, services } = settings.network;
      const published = tenant.listener.known ? tenant.listener.value : null;
      const wide = [
        ...(bind.value === 'loopback' || hostOf(bind.value) === 'loopback' ? [] : [`${bind.from}: ${bind.value}`]),
        ...services
          .filter(({ address }) => address !== '' && hostOf(address) !== 'loopback')
          .map(({ label, address, port, from }) => `${label}: ${address}:${port} (${from})`),
        ...(published === null || hostOf(published.address) === 'loopback' ? [] : [`published on ${published.address}:${published.port}`]),
      ];
      if (wide.length > 0) yield { tenants: [tenant.tenant], message: `${tenant.tenant} listens beyond the loopback`, evidence: wide };
    }
  },
});
