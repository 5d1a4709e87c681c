/** A webhook, desktop or other fixed listener meets ports of another tenant. */
import { defineCheck } from '../../core/check.ts';
import { meetings, portsText, type Held } from '../port-overlaps.ts';

const isService = ({ kind }: Held): boolean => kind === 'service';

export const check = defineCheck({
  id: 'port.fixed-service',
  title: 'A fixed listener of one gateway meets a port of another',
  why: 'Webhook, watcher and desktop ports are not derived from the gateway port: two tenants with the default port receive for each other.',
  fix: 'Give each listener a port of its own inside the tenant’s block, or use isolation os-user.',
  how: 'Listeners that the config switches on, with their default ports and addresses, are compared within one network namespace.',
  source:
    'openclaw 2026.9.6 docs/channels (Telegram 8787, Nextcloud Talk 8788, Teams 3978), config-hooks.md (8788), voice-call (3334), desktop (5900)',
  severity: { team: 'warn', clients: 'high', adversarial: 'high' },
  needs: ['ports', 'settings'],
  phases: ['desired', 'observed'],
  item: 'port',
  *judge(facts) {
    for (const { left, right } of meetings(facts, isService, () => true)) {
      yield {
        tenants: [left.tenant, right.tenant],
        message: `a fixed listener of ${isService(left) ? left.tenant : right.tenant} meets a port of ${isService(left) ? right.tenant : left.tenant}`,
        evidence: [portsText(left), portsText(right)],
      };
    }
  },
});
