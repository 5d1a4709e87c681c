/** A pinned debugging port lies among the ports of another tenant. */
import { defineCheck } from '../../core/check.ts';
import { meetings, portsText, type Held } from '../port-overlaps.ts';

const isPinned = ({ kind }: Held): boolean => kind === 'debugging';
const isOther = ({ kind }: Held): boolean => kind !== 'service';

export const check = defineCheck({
  id: 'browser.cdpport-conflict',
  title: 'A pinned browser debugging port meets ports of another tenant',
  why: 'OpenClaw attaches to whatever browser already answers on the port: the other tenant’s, with its tabs and logins.',
  fix: 'Leave cdpPort out, or take one inside the tenant’s own block.',
  how: 'cdpPort of every browser profile is compared with those of other tenants and with their blocks, within one network namespace.',
  source: 'openclaw 2026.9.6: with an equal cdpPort the second gateway attached to the browser of the first (measured)',
  severity: { team: 'warn', clients: 'critical', adversarial: 'critical' },
  needs: ['ports', 'settings'],
  phases: ['desired', 'observed'],
  item: 'browser-profile',
  *judge(facts) {
    for (const { left, right } of meetings(facts, isPinned, isOther)) {
      yield {
        tenants: [left.tenant, right.tenant],
        message: `a pinned browser port of ${isPinned(left) ? left.tenant : right.tenant} meets ports of ${isPinned(left) ? right.tenant : left.tenant}`,
        evidence: [portsText(left), portsText(right)],
      };
    }
  },
});
