/** Gateway ports are closer than advised. */
import { defineCheck } from '../../core/check.ts';
import { BLOCK_SIZE, derivedPorts } from '../../openclaw/ports.ts';
import { portsByNamespace } from '../port-overlaps.ts';

export const check = defineCheck({
  id: 'port.spacing-tight',
  title: 'Two gateway ports are closer than OpenClaw advises',
  why: 'They do not overlap in this version; a version that derives a few more ports would make them.',
  fix: 'Keep gateway ports at least 120 apart, or leave them to the allocator.',
  how: 'Base ports of gateways in one network namespace are sorted; neighbours 111 to 119 apart are told.',
  source: 'openclaw 2026.9.6 docs/gateway/multiple-gateways.md (at least 120 apart)',
  severity: { team: 'info', clients: 'info', adversarial: 'info' },
  needs: ['ports', 'settings'],
  phases: ['desired', 'observed'],
  item: 'port',
  *judge(facts) {
    for (const held of portsByNamespace(facts).values()) {
      const bases = held.filter(({ kind }) => kind === 'block').toSorted((one, other) => one.first - other.first);
      for (const [at, right] of bases.entries()) {
        const left = bases[at - 1];
        if (left === undefined || right.first - left.first >= BLOCK_SIZE || right.first <= derivedPorts(left.first).debugging.last) continue;
        yield {
          tenants: [left.tenant, right.tenant],
          message: `the gateway ports of ${left.tenant} and ${right.tenant} are ${right.first - left.first} apart`,
          evidence: [left, right].map(({ tenant, first }) => `${tenant}: ${first}`),
        };
      }
    }
  },
});
