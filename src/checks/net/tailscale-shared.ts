/** One Tailscale node exposes two tenants, or vouches for local programs. */
import { defineCheck } from '../../core/check.ts';
import { sharedBy, sharing } from '../join.ts';
import { settingsOf } from '../settings.ts';

export const check = defineCheck({
  id: 'net.tailscale-shared',
  title: 'One Tailscale node stands for two tenants, or for the token',
  why: 'A node has one name and one set of paths: the last gateway to register wins them. Where its word replaces the token, any local program may borrow it.',
  fix: 'Publish each tenant from a node of its own, and set gateway.auth.allowTailscale to false.',
  how: 'Gateways of one host with Tailscale serve or funnel are counted; allowTailscale is told wherever it is on.',
  source: 'openclaw 2026.9.6 docs/gateway/tailscale.md (tokenless flow assumes a trusted host)',
  severity: { team: 'warn', clients: 'high', adversarial: 'critical' },
  needs: ['settings'],
  phases: ['desired', 'observed'],
  item: 'gateway',
  *judge(facts) {
    for (const { tenant, settings } of settingsOf(facts)) {
      const { value, from } = settings.network.tailscaleLogin;
      if (value)
        yield { tenants: [tenant.tenant], message: `Tailscale may log in to ${tenant.tenant} without its token`, evidence: [`${from}: true`] };
    }
    const shared = sharedBy(facts.tenants, ({ host, settings }) => {
      const mode = settings.known ? settings.value.network.tailscale : undefined;
      return mode === undefined || mode.value === 'off' ? [] : [{ key: host, where: `${mode.from}: ${mode.value} on ${host}` }];
    });
    for (const group of shared) yield sharing(group, 'one Tailscale node');
  },
});
