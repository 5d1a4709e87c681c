/** After every attack: is the victim as it was? Its holder answers this when it is released; nothing is attempted here. */
import { defineProbe } from '../define.ts';

export const probe = defineProbe({
  id: 'victim.affected',
  attack: '3.0',
  title: 'A tenant is changed by the attacks on it',
  does: 'The victim compares its canaries, looks for files that attackers left, and checks that its gateway is still the same process.',
  safe: 'The victim looks at its own files only.',
  decoy: 'The same comparison is made once with a wrong expected content and must call it changed.',
  fix: 'See the other probes of this pair for the way that was open; `bulkhead logs` tells why a gateway restarted.',
  expected: [],
  severity: { team: 'warn', clients: 'critical', adversarial: 'critical' },
  item: 'state-directory',
  vantage: 'inside',
  attempts: () => [],
  positive: () => [],
  negative: () => [],
});
