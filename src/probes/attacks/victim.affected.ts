/** During and after every attack: is the victim as it was, and does its gateway answer? Its holder answers this when it is released; nothing is attempted here. */
import { defineProbe } from '../define.ts';

export const probe = defineProbe({
  id: 'victim.affected',
  attack: '3.0',
  title: 'A tenant is changed or hindered by the attacks on it',
  does: 'The victim compares its canaries, looks for files that attackers left, checks that its gateway is still the same process, and asks it twice a second for /healthz, before, during and after the attacks: one that does not answer for 15 s, or for 10 s after them, is hindered; where its median answer takes more than a second and ten times as long as before, that is unknown, since other work of the machine slows it too.',
  safe: 'The victim looks at its own files and asks its own gateway only.',
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
