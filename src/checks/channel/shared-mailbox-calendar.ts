/** Two tenants are woken by one mailbox. */
import { defineCheck } from '../../core/check.ts';
import { sharedIdentities } from '../channels.ts';
import { sharedBy, sharing } from '../join.ts';
import { settingsOf } from '../settings.ts';

export const check = defineCheck({
  id: 'channel.shared-mailbox-calendar',
  title: 'Two tenants read one mailbox',
  why: 'Mail for one starts agents of the other, and each answers what the other was asked.',
  fix: 'Give each tenant a mailbox, a topic and a Google client of its own.',
  how: 'Gmail account, topic and subscription of the hook, and user and server of IMAP accounts are compared; else the mailbox password.',
  source: 'openclaw 2026.9.6 docs/automation/imap.md, docs/automation/cron-jobs/gmail.md',
  severity: { team: 'warn', clients: 'critical', adversarial: 'critical' },
  needs: ['settings', 'identities'],
  phases: ['desired', 'observed'],
  item: 'channel-credentials',
  *judge(facts) {
    const mailboxes = new Map([...settingsOf(facts)].map(({ tenant, settings }) => [tenant.tenant, settings.channels.mailboxes]));
    const groups = sharedBy(facts.tenants, ({ tenant }) =>
      (mailboxes.get(tenant) ?? []).map(({ account, from }) => ({ key: account, where: `${account} (${from})` })),
    );
    for (const group of groups) yield sharing(group, 'one mailbox');
    const told = new Set(groups.map(({ tenants }) => tenants.join('\0')));
    for (const violation of sharedIdentities(facts, { channels: ['imap'] }, 'the password of a mailbox'))
      if (!told.has(violation.tenants.join('\0'))) yield violation;
  },
});
