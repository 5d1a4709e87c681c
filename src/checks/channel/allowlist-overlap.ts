/** One person or group may write to two tenants. */
import { defineCheck } from '../../core/check.ts';
import { sharedBy, sharing } from '../join.ts';
import { settingsOf } from '../settings.ts';

export const check = defineCheck({
  id: 'channel.allowlist-overlap',
  title: 'One sender may write to two tenants',
  why: 'What this person is told by one can be carried to the other, by mistake or on purpose.',
  fix: 'Say which bot a person may reach, and take the others off the other lists.',
  how: 'Allowed senders and groups of each channel, from the config and from pairing, are compared; wildcards are not senders.',
  source: 'openclaw 2026.9.6 docs/channels/pairing.md, docs/channels/groups.md',
  severity: { team: 'info', clients: 'warn', adversarial: 'high' },
  needs: ['settings'],
  phases: ['desired', 'observed'],
  item: 'channel-credentials',
  *judge(facts) {
    const senders = new Map([...settingsOf(facts)].map(({ tenant, settings }) => [tenant.tenant, settings.channels.senders]));
    const groups = sharedBy(facts.tenants, ({ tenant }) =>
      (senders.get(tenant) ?? []).map(({ channel, sender, from }) => ({ key: `${channel} ${sender}`, where: `${channel} ${sender} (${from})` })),
    );
    for (const group of groups) yield sharing(group, 'a sender or group');
  },
});
