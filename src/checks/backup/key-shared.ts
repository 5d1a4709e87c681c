/** One key opens the backups of two tenants. */
import { defineCheck } from '../../core/check.ts';
import { sharedBy, sharing } from '../join.ts';

export const check = defineCheck({
  id: 'backup.key-shared',
  title: 'One key opens the backups of two tenants',
  why: 'Whoever may restore one tenant may read the other.',
  fix: 'Give each tenant its own backup.recipient.',
  how: 'Declared recipients, compared without case and comment. Passwords of other backup programs are not known.',
  source: 'age(1) (recipients); authorized_keys in sshd(8)',
  severity: { team: 'info', clients: 'high', adversarial: 'critical' },
  needs: ['backup'],
  phases: ['desired', 'observed'],
  item: 'backups',
  *judge({ tenants }) {
    const groups = sharedBy(tenants, ({ backup }) => {
      const recipient = backup.known ? backup.value?.recipient : undefined;
      if (recipient === undefined) return [];
      // An ssh key is told by its type and its body; age keys are written in one case.
      const [kind = '', body = ''] = recipient.trim().split(/\s+/);
      return [{ key: body === '' ? kind.toLowerCase() : `${kind} ${body}`, where: `${kind} ${body}`.trim().slice(0, 40) }];
    });
    for (const group of groups) yield sharing(group, 'the key of their backups');
  },
});
