/** An allowlist stands in for isolation. */
import { defineCheck } from '../../core/check.ts';
import { sharedBy } from '../join.ts';
import { powersOf, settingsOf } from '../settings.ts';

export const check = defineCheck({
  id: 'policy.allowlist-as-isolation',
  title: 'An allowlist stands in for isolation',
  why: 'A list says who may start a turn. Each of them then has every tool of the agent, and what the others left in its reach.',
  fix: 'Give these people a Gateway each, or take the powerful tools away.',
  how: 'A powerful tool is in reach without a full sandbox, and more people are listed than the boundary has members, a whole group is, or a listed sender is on another tenant’s list too.',
  source: 'openclaw 2026.9.6 docs/gateway/security/trust-model.md',
  severity: { team: 'warn', clients: 'critical', adversarial: 'critical' },
  needs: ['settings'],
  phases: ['desired', 'observed'],
  item: 'tool-policy',
  *judge(facts) {
    const shared = new Set(
      sharedBy(facts.tenants, ({ settings }) =>
        settings.known ? settings.value.tools.surfaces.flatMap(({ senders }) => senders.map((sender) => ({ key: sender, where: sender }))) : [],
      ).flatMap(({ tenants }) => tenants),
    );
    for (const { tenant, settings } of settingsOf(facts)) {
      const { sandbox, sandboxAccess, surfaces } = settings.tools;
      const [power] = powersOf(settings);
      if (power === undefined || (sandbox.value === 'all' && sandboxAccess.value !== 'rw')) continue;
      const most = Math.max(1, tenant.boundary.members.length);
      for (const { name, admits, senders, from } of surfaces) {
        const why =
          admits === 'group'
            ? 'a whole group'
            : senders.length > most
              ? `${senders.length} senders`
              : shared.has(tenant.tenant) && senders.length > 0
                ? 'a sender of another tenant'
                : undefined;
        if (why !== undefined && admits !== 'nobody')
          yield { tenants: [tenant.tenant], message: `${name} of ${tenant.tenant} lets ${why} use ${power.name}`, evidence: [from, power.by] };
      }
    }
  },
});
