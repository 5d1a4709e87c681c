/** Port blocks of two gateways overlap. */
import { defineCheck } from '../../core/check.ts';
import { meetings, portsText, type Held } from '../port-overlaps.ts';

const isBlock = ({ kind }: Held): boolean => kind === 'block' || kind === 'fallback' || kind === 'published';

export const check = defineCheck({
  id: 'port.derived-overlap',
  title: 'Port blocks of two gateways overlap',
  why: 'Browser control and debugging ports are derived from the gateway port; the debugging port asks for no password.',
  fix: 'Leave the port to the allocator, or keep gateway ports at least 120 apart.',
  how: 'Each gateway takes its base port and the 110 above it; the stretches within one network namespace are swept in order.',
  source: 'openclaw 2026.9.6 docs/gateway/multiple-gateways.md (derived ports), dist (browser port derivation)',
  severity: { team: 'warn', clients: 'high', adversarial: 'high' },
  needs: ['ports', 'settings'],
  phases: ['desired', 'observed'],
  item: 'port',
  *judge(facts) {
    for (const { left, right } of meetings(facts, isBlock, isBlock)) {
      // port.base-equal tells it.
      if (left.first === right.first && left.kind !== 'fallback' && right.kind !== 'fallback') continue;
      yield {
        tenants: [left.tenant, right.tenant],
        message: `ports of ${left.tenant} and ${right.tenant} overlap`,
        evidence: [portsText(left), portsText(right)],
      };
    }
  },
});
