/** A port that is the hash of a profile's name meets another gateway's. */
import { defineCheck } from '../../core/check.ts';
import { meetings, portsText, type Held } from '../port-overlaps.ts';

const isHashed = ({ kind, baseFrom }: Held): boolean => (kind === 'block' || kind === 'fallback') && baseFrom.startsWith('profile:');
const isAny = ({ kind }: Held): boolean => kind === 'block' || kind === 'fallback' || kind === 'published';

export const check = defineCheck({
  id: 'port.profile-hash',
  title: 'A port derived from a profile name meets that of another gateway',
  why: 'Without a port of its own a named profile gets the hash of its name: two names give one port, or overlapping ones, and nothing says so.',
  fix: 'Set a port for each gateway; Bulkhead does unless its environment was changed.',
  how: 'Where neither environment nor config name a port, the hash of the profile name is computed and compared like any other base port.',
  source: 'openclaw 2026.9.6 dist (resolveGatewayPort): client972 and client1719 both give 20364',
  severity: { team: 'warn', clients: 'high', adversarial: 'high' },
  needs: ['ports', 'settings'],
  phases: ['desired', 'observed'],
  item: 'port',
  *judge(facts) {
    for (const { left, right } of meetings(facts, isHashed, isAny)) {
      yield {
        tenants: [left.tenant, right.tenant],
        message: `${left.tenant} and ${right.tenant} get overlapping ports from the name of a profile`,
        evidence: [left, right].map((held) => `${portsText(held)} (${held.baseFrom})`),
      };
    }
  },
});
